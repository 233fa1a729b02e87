/** Clusters of Amazon EMR: the service tells where a cluster's name node is, {@code hdfs} reads. */
package io.copyload.engine.source.emr;
