/** Lines with fields of fixed widths: cut by counting characters. */
package io.copyload.engine.format.fixed;
