package io.copyload.engine.format.json;

import java.util.List;

/**
 * The way from a document to one value in it.
 *
 * @param steps none: the document itself
 */
public record JsonPath(List<Step> steps) {
  /**
   * One level down.
   *
   * @param key of an object's member; null for an element of an array
   * @param index of the element, from 0
   */
  public record Step(String key, int index) {}

  public JsonPath {
    steps = List.copyOf(steps);
  }
}
