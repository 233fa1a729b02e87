/**
 * Files of Hadoop's distributed file system: by its own client ({@code hdfs://}), which is loaded
 * by the first such address only and may be absent, and by its REST interface ({@code webhdfs://},
 * {@code swebhdfs://}), which needs nothing.
 */
package io.copyload.engine.source.hdfs;
