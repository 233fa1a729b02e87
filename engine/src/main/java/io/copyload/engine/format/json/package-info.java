/** Documents of JSON: where they end, what is in them, and which value fills which column. */
package io.copyload.engine.format.json;
