/**
 * Columnar tables inside H2 2.4.240, COPY as an H2 command, and everything else that knows H2's
 * internals.
 *
 * <h2>Tables</h2>
 *
 * {@link io.copyload.engine.h2.ColumnarTableEngine} makes a {@link
 * io.copyload.engine.h2.HybridTable} for each CREATE TABLE. Loaded rows live in immutable segments,
 * all others in H2's row store (the delta). Per table there are two transactional maps in H2's
 * MVStore:
 *
 * <ul>
 *   <li>{@code hyseg.<table id>}: first row id of a segment to its {@code SegmentDescriptor}
 *   <li>{@code hytomb.<table id>}: row id of a loaded row that was deleted or updated to 1. An
 *       uncommitted entry without a value is the lock of a loaded row (FOR UPDATE, UPDATE, DELETE)
 *       and vanishes with the transaction.
 * </ul>
 *
 * Segment bytes lie in the plain map {@code copyload.chunks} ({@code MvByteStore}) under (table id,
 * segment id, row group, column, part); the runs of indexes in the same map under the index's
 * object id in place of the table's ({@code RunFile} has the format). What no entry of a {@code
 * hyseg} map names, committed or not, is garbage: it is removed when the database is first used
 * after opening, and at the next load, truncate or drop after it lost its name, once no transaction
 * is open that began before ({@code ColumnarDatabase}).
 *
 * <h2>What of H2 we depend on for that</h2>
 *
 * The build id is checked when the first table is made. When H2 moves, {@code
 * HybridTableContractTest} says what broke.
 *
 * <table>
 * <caption>H2 internals</caption>
 * <tr><th>member</th><th>why</th></tr>
 * <tr><td>engine.Constants.BUILD_ID, FULL_VERSION</td><td>version check (BUILD_ID by reflection, for it is a constant)
 * </td></tr>
 * <tr><td>api.TableEngine; Database.getTableEngine</td><td>one engine object per database and class name, made by
 * reflection; asked for table id 0 (the catalog) too</td></tr>
 * <tr><td>command.ddl.CreateTableData: schema, id, tableEngine, tableEngineParams</td><td>what to make</td></tr>
 * <tr><td>mvstore.db.MVTable(CreateTableData, Store)</td><td>super constructor; makes the delta's primary index</td></tr>
 * <tr><td>MVTable.getIndexes</td><td>returns the live list, in which the scan index replaces the primary index</td></tr>
 * <tr><td>MVTable.addRow, removeRow</td><td>go through that list: adding from first to last, removing from last to
 * first</td></tr>
 * <tr><td>MVTable.updateRow, updateRows (pairs of old and new row), lockRow, getRow, addIndex, truncate, getRowCount,
 * getRowCountApproximation, getScanIndex, getDiskSpaceUsed, lock, removeChildrenAndResources, getCreateSQL,
 * getCreateSQLForMeta</td><td>overridden; all of H2 calls them and not the private fields behind</td></tr>
 * <tr><td>MVTable.getMapName, getContainsLargeObject, getRowIdColumn, setModificationDataId (by commit)</td><td>identity,
 * large objects, _ROWID_, result caches</td></tr>
 * <tr><td>command.ddl.AlterTableAlterColumn: update, cloneTableStructure (order of its questions), usingExpression
 * (private, by reflection); SchemaCommand.schema, CommandContainer.prepared (the same);
 * SessionLocal.getCurrentCommand; Table.isPersistIndexes; the empty statement (NoOperation)</td><td>see Alteration: the
 * copy keeps its engine, needs no admin rights and takes segments over</td></tr>
 * <tr><td>table.Table.fire(session, Trigger.INSERT, before); Database.getTempTableName; Insert.setInsertFromSelect</td>
 * <td>called before and after the one INSERT with which AlterTableAlterColumn.copyData fills a table named x_COPY_n_n:
 * rows are there already, or many become a segment</td></tr>
 * <tr><td>SessionLocal.user, CreateTable.data, CreateMaterializedView.createTable, CommandList.command, commands,
 * remaining (private, by reflection)</td><td>see OwnerCreateTable</td></tr>
 * <tr><td>mvstore.db.Store.tableMap (private, by reflection)</td><td>SessionLocal.onRollback finds the table here: large
 * objects of rolled back delta rows, rollback triggers. Else 20 LOBs leaked in a test</td></tr>
 * <tr><td>Store.getMvStore, getTransactionStore, createTable, nextTemporaryMapName, getTable</td><td>storage; ordinary
 * table for the catalog; buffers while building an index</td></tr>
 * <tr><td>Store.removeTemporaryMaps</td><td>takes maps named table.* and index.* for its own: ours have other names</td>
 * </tr>
 * <tr><td>mvstore.db.MVPrimaryIndex: add, remove, update, find, truncate, remove, getRow, getRowCount, getRowCountMax,
 * getMVMap, getPlanSQL</td><td>the delta's rows; final, therefore wrapped</td></tr>
 * <tr><td>mvstore.db.MVSecondaryIndex: constructor, find, findNext, remove, truncate, needRebuild, addRowsToBuffer,
 * addBufferedRows, getMVMap</td><td>the delta's part of an index; final, therefore wrapped</td></tr>
 * <tr><td>mvstore.db.MVIndex.getMVMap</td><td>SessionLocal.startStatementWithinTransaction puts the map of each index of
 * this class into the statement's snapshot: the HiddenIndexes bring hyseg and hytomb there</td></tr>
 * <tr><td>index.Index: indexColumns, columns, columnIds, uniqueColumnColumn, indexType, compareRows, needsUniqueCheck,
 * getRowFactory, getUniqueRowFactory, getDuplicateKeyException, getCostRangeIndex, areRowsEquivalent</td><td>key order,
 * NULLS [NOT] DISTINCT, error texts and plan costs as H2 has them</td></tr>
 * <tr><td>Index.find(session, first, last, reverse)</td><td>bounds are inclusive, Java null is no bound, H2 checks its
 * conditions again (more rows than asked for are legal); reversed, first is the upper bound</td></tr>
 * <tr><td>index.IndexCursor, table.TableFilter.prepare</td><td>pass bounds on every column that getColumnIndex knows; an
 * IN list on the first index column becomes one find per value, so the scan index's first column is the row id</td></tr>
 * <tr><td>index.SingleRowCursor, IndexType.createScan</td><td>cursors and index types</td></tr>
 * <tr><td>result.Row, SearchRow (key, ROWID_INDEX, MATCH_ALL_ROW_KEY), DefaultRow, RowFactory; LocalResult.
 * currentRowForTable, reset</td><td>rows; a cursor's getSearchRow may be a window that moves with the cursor</td></tr>
 * <tr><td>Row.hasSharedData</td><td>lockRow returns the row it was given, so that H2 need not check conditions again</td>
 * </tr>
 * <tr><td>mvstore.tx.TransactionStore.begin, getOpenTransactions; Transaction.openMap, openMapX, removeMap, setSavepoint,
 * rollbackToSavepoint, setTimeoutMillis, allowNonRepeatableRead, getSequenceNum, getStatus, STATUS_PREPARED</td><td>own
 * transactional maps; lock waits; age of readers</td></tr>
 * <tr><td>mvstore.tx.TransactionMap: map, getInstance, put, remove, lock, getImmediate, getFromSnapshot, entryIterator,
 * keyIterator, keyIteratorUncommitted, floorEntry, floorKey, sizeAsLong, sizeAsLongMax, isDeletedByCurrentTransaction,
 * isSameTransaction, clear</td><td>visibility. remove of an absent key leaves an uncommitted entry without value, which
 * locks; lock of an absent key does not. Reverse iteration is out of order in REPEATABLE READ and above when the
 * transaction has changed the map: never used there</td></tr>
 * <tr><td>value.VersionedValue: getCurrentValue, getCommittedValue, isCommitted</td><td>raw state of an entry</td></tr>
 * <tr><td>mvstore.MVMap, MVStore.getMapNames, removeMap; MVMap.setVolatile</td><td>raw maps, temporary tables</td></tr>
 * <tr><td>mvstore.DataUtils.ERROR_TRANSACTION_LOCKED, ERROR_TRANSACTIONS_DEADLOCK</td><td>turned into CONCURRENT_UPDATE_1
 * or LOCK_TIMEOUT_1, and DEADLOCK_1; the first is what H2's Command repeats until the lock timeout</td></tr>
 * <tr><td>mvstore.type.LongDataType, ByteArrayDataType</td><td>types of our maps; H2 finds them again by class name when
 * it recovers</td></tr>
 * <tr><td>engine.SessionLocal: getTransaction, getLockTimeout, registerTableAsUpdated, markTableForAnalyze, setSavepoint,
 * rollbackTo, addLocalTempTableIndex</td><td>statements</td></tr>
 * <tr><td>SessionLocal.prepare, setLazyQueryExecution; command.query.Query: query, getExpressions, getColumnCount,
 * getParameters; Expression.getAlias, Alias, ExpressionColumn, NamedExpression, Aggregate.getAggregateType;
 * MaterializedView.getUnderlyingTable; data change delta tables</td><td>rows, types and names of COPY (query) TO</td></tr>
 * <tr><td>Command.checkCanceled</td><td>asked while H2 evaluates a COPY's query or rows</td></tr>
 * <tr><td>engine.Database: isStarting, isReadOnly, lockMeta, addSchemaObject, getSettings().analyzeAuto and
 * defaultTableEngine, getCompareMode, getDefaultNullOrdering, getMaxMemoryRows, getStore</td><td>life of tables and
 * indexes, orders</td></tr>
 * <tr><td>constraint.ConstraintReferential: checkRow, getColumns, getRefColumns, getRefTable,
 * getReferencedConstraint, getIndex</td><td>foreign keys of loaded
 * rows</td></tr>
 * <tr><td>table.TableFilter.indexConditions (private, by reflection), index.IndexCondition</td><td>constants that bound
 * an index, for its cost; without them H2's guess holds</td></tr>
 * <tr><td>command.Parser.parseExpression; Expression: mapColumns, optimize, getBooleanValue; TableFilter.set;
 * ExpressionVisitor.getColumnsVisitor</td><td>WHERE of COPY FROM</td></tr>
 * <tr><td>message.DbException.getSource and the names that begin H2's messages; Constraint.usesIndex, getExpression,
 * getReferencedColumns; Index.getUniqueColumnCount</td><td>PostgreSQL's words for broken constraints</td></tr>
 * <tr><td>command.ddl.AlterTableAlterColumn.columnsToAdd (private, by reflection); CommandContainer; jdbc.JdbcException.setSQL; texts of
 * SYNTAX_ERROR_1 and SYNTAX_ERROR_2, with their mark; Database.updateMeta</td><td>statements in Redshift's words:
 * RedshiftDdl</td></tr>
 * <tr><td>TableBase.tableEngineParams is the list of CreateTableData</td><td>attributes that change are seen in the
 * table's text: HybridTable.setAttributes</td></tr>
 * <tr><td>table.TableBase.getCreateSQL</td><td>leaves the ENGINE clause out when it is the default: put back</td></tr>
 * </table>
 *
 * <h2>What of H2 we depend on for values, rows and the load</h2>
 *
 * <table>
 * <caption>H2 internals</caption>
 * <tr><th>member</th><th>why</th></tr>
 * <tr><td>MVStore.openMap, hasMap, commit, tryCommit, isReadOnly, getFileStore, hasUnsavedChanges,
 * executeFilestoreOperation, sync</td><td>the byte store and its pace; MvByteStore, DurableCommit</td></tr>
 * <tr><td>MVMap.put, get, remove, ceilingKey, higherKey, getValueType; type.BasicDataType, WriteBuffer,
 * DataUtils.readVarInt, readVarLong</td><td>chunks as values of a plain map</td></tr>
 * <tr><td>factories of value.Value*, TypeInfo, ExtTypeInfo*; DateTimeUtils.absoluteDayFromDateValue,
 * dateValueFromAbsoluteDay, getEpochSeconds; EWKTUtils.formatGeometryTypeAndDimensionSystem; Mode.charPadding</td>
 * <td>ValueCodec, TargetTypes, HostTypes</td></tr>
 * <tr><td>Sequence.getBaseValue, getIncrement, getMinValue, getMaxValue, getCycle, modify, flush, getDataType;
 * SessionLocal.getNextValueFor; Column.getEffectiveDefaultExpression, getSequence, getDomain, isDefaultOnNull;
 * Domain.checkConstraints; CurrentDateTimeValueFunction</td><td>columns that a COPY leaves out: DeferredColumns</td></tr>
 * <tr><td>Table.getTemplateRow, convertInsertRow, fire, fireRow, fireBeforeRow, fireAfterRow, addRow, getConstraints,
 * getChildren; schema.TriggerObject; Mode.updateSequenceOnManualIdentityInsertion</td><td>rows that H2 evaluates:
 * RowStage</td></tr>
 * <tr><td>Schema.resolveTableOrView, findSequence; Database.findSchema, getSchema, findRole, getSettings().databaseToUpper
 * and databaseToLower, checkWritingAllowed; User.checkTableRight, isAdmin, isRoleGranted; SessionLocal.currentTimestamp,
 * currentTimeZone, getSessionStart</td><td>binding of a COPY: TableBinding, CopySource, CopyExecutor</td></tr>
 * <tr><td>table.VirtualTable, index.VirtualTableIndex; Table.updateRows, updateRow, getRow, lockRow, createRow</td><td>views
 * of the catalog, of which COPYLOAD_REJECTS can be updated</td></tr>
 * <tr><td>schema.Schema(Database, int, String, RightOwner, boolean), canDrop, getAllFunctionsAndAggregates,
 * setTemporary; FunctionAlias.newInstance; Database.addDatabaseObject; SessionLocal.getVariable, setVariable</td>
 * <td>functions that are stored nowhere: SessionFunctions</td></tr>
 * <tr><td>SessionLocal(Database, User, int), JdbcConnection(SessionLocal, ...)</td><td>sessions of the engine's own:
 * InternalSessions</td></tr>
 * <tr><td>SessionLocal: lock, setThreadLocalSession, setSavepoint, startStatementWithinTransaction(null), endStatement,
 * commit, rollback, setCurrentSchema, user (private, by reflection); Database: findUser, getSystemUser, getSessionCount,
 * isClosing, findSetting; MVTable.close, called when the database is closed</td><td>COPYs of jobs: JobLoads,
 * JobsTable</td></tr>
 * </table>
 */
package io.copyload.engine.h2;
