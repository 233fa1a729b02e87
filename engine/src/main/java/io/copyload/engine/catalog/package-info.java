/**
 * What ran: loads, their objects and their rejects, in ordinary tables of a hidden schema, and the
 * views with Redshift's names over them. Knows {@code java.sql} only.
 *
 * <p>Schema {@code COPYLOAD_CATALOG} holds the tables; only the engine reads and writes it. Schema
 * {@code COPYLOAD} holds the views; everybody may read them and sees the own loads, an
 * administrator sees all. Both belong to a user of their own, as whom nobody can log in, so that no
 * real user is tied to them. Neither appears in what SCRIPT writes but by name.
 *
 * <p>The layout has a version, in {@code catalog_version}: 1 is the first; 2 added what repairs and
 * replays need (see {@code CatalogTables}); 5 added jobs, 8 secrets and connections. An older one
 * is brought to the present one when the database is opened.
 */
package io.copyload.engine.catalog;
