/**
 * COPY jobs: what they are, which objects are new to them, runs in batches, the ledger, and the
 * schedule. Knows {@code java.sql}; what of H2 it needs is behind {@link
 * io.copyload.engine.job.JobHost}.
 *
 * <p>A run lists the location of its job and puts what is new into the ledger ({@code job_files}).
 * Then it loads what waits there, batch by batch. A batch is one COPY in one transaction, which
 * also marks its objects in the ledger as loaded: rows and marks become visible together or not at
 * all, whatever is killed when. A batch that fails is taken apart until the object is found that
 * makes it fail; only that one is set aside.
 *
 * <p>One run at a time has a job: its lease stands in the job's row, which the commit of each batch
 * locks and checks. A lease of another incarnation of the database is void, because the file lock
 * of H2 lets one process only have the database open.
 */
package io.copyload.engine.job;
