type Topics = readonly (readonly [reason: string, actions: string])[];

/** Why actions of the public service postgres 2017-03-12 (as in the official SDK) are not answered here. */
const TOPICS: Topics = [
  [
    'backups come with a later release',
    'CloneDBInstance CreateBackupPlan CreateBaseBackup DeleteBackupPlan DeleteBaseBackup DeleteLogBackup DescribeAvailableRecoveryTime ' +
      'DescribeBackupDownloadRestriction DescribeBackupDownloadURL DescribeBackupOverview DescribeBackupPlans DescribeBackupSummaries ' +
      'DescribeBaseBackups DescribeCloneDBInstanceSpec DescribeDBBackups DescribeDBXlogs DescribeLogBackups ModifyBackupDownloadRestriction ' +
      'ModifyBackupPlan ModifyBaseBackupExpireTime RestoreDBInstanceObjects',
  ],
  ['the logs come with a later release', 'DescribeDBErrlogs DescribeSlowQueryAnalysis DescribeSlowQueryList'],
  [
    'parameters come with a later release',
    'CreateParameterTemplate DeleteParameterTemplate DescribeDBInstanceParameters DescribeDefaultParameters ' +
      'DescribeParameterTemplateAttributes DescribeParameterTemplates DescribeParamsEvent ModifyDBInstanceParameters ModifyParameterTemplate',
  ],
  [
    'read-only instances come with a later release',
    'AddDBInstanceToReadOnlyGroup CreateReadOnlyDBInstance CreateReadOnlyGroup CreateReadOnlyGroupNetworkAccess DeleteReadOnlyGroup ' +
      'DeleteReadOnlyGroupNetworkAccess DescribeReadOnlyGroups ModifyDBInstanceReadOnlyGroup ModifyReadOnlyDBInstanceWeight ' +
      'ModifyReadOnlyGroupConfig RebalanceReadOnlyGroup RemoveDBInstanceFromReadOnlyGroup',
  ],
  ['upgrades come with a later release', 'UpgradeDBInstanceKernelVersion UpgradeDBInstanceMajorVersion'],
  [
    'there is no audit service on one machine',
    'CloseAuditService CreateAuditLogFile DeleteAuditLogFile DescribeAuditInstanceList DescribeAuditLogFiles DescribeAuditLogs ' +
      'ModifyAuditService OpenAuditService',
  ],
  [
    'there is no database proxy on one machine',
    'CloseDBProxyAddress CreateDBProxy CreateDBProxyAddress DescribeDBProxy DescribeDBProxySSLConfig DescribeDBProxySpecs DestroyDBProxy ' +
      'ModifyDBProxy ModifyDBProxyAddress ModifyDBProxySSLConfig ReloadBalanceDBProxyNode',
  ],
  ['there are no users of a cloud on one machine', 'CloseAccountCAM OpenAccountCAM RefreshAccountPassword'],
  ['there is no key service on one machine', 'DescribeEncryptionKeys'],
  ['there are no dedicated clusters on one machine', 'DescribeDedicatedClusters'],
  [
    'this service of the cloud does not run on one machine',
    'CloseMem0Service ClosePostgRESTService DescribeMem0Service DescribePostgRESTService OpenMem0Service OpenPostgRESTService',
  ],
];

/** The same of the public service dts 2021-12-06. */
const DTS_TOPICS: Topics = [
  [
    'source and target are told apart by their rows here, not by the GTIDs of MySQL',
    'DescribeMigrateGtidCompareReport',
  ],
  [
    'there is no synchronisation service on one machine: databases are migrated',
    'ConfigureSyncJob ContinueSyncJob CreateCheckSyncJob CreateModifyCheckSyncJob CreateSyncCompareTask CreateSyncJob ' +
      'DeleteSyncCompareTask DescribeCheckSyncJobResult DescribeModifyCheckSyncJobResult DescribeSyncCompareDiffItems ' +
      'DescribeSyncCompareReport DescribeSyncCompareTasks DescribeSyncGtidCompareReport DescribeSyncJobs DestroySyncJob ' +
      'IsolateSyncJob ModifySyncCompareTask ModifySyncCompareTaskName ModifySyncJobConfig ModifySyncRateLimit PauseSyncJob ' +
      'RecoverSyncJob ResetSyncJob ResizeSyncJob ResumeSyncJob SkipSyncCheckItem StartModifySyncJob StartSyncCompare StartSyncJob ' +
      'StopSyncCompare StopSyncJob',
  ],
  [
    'there are no subscriptions to changes on one machine',
    'ConfigureSubscribeJob CreateConsumerGroup CreateSubscribe CreateSubscribeCheckJob DeleteConsumerGroup DescribeConsumerGroups ' +
      'DescribeOffsetByTime DescribeSubscribeCheckJob DescribeSubscribeDetail DescribeSubscribeJobs DescribeSubscribeReturnable ' +
      'DestroyIsolatedSubscribe IsolateSubscribe ModifyConsumerGroupDescription ModifyConsumerGroupPassword ' +
      'ModifySubscribeAutoRenewFlag ModifySubscribeName ModifySubscribeObjects ResetConsumerGroupOffset ResetSubscribe ' +
      'ResumeSubscribe StartSubscribe',
  ],
];

const byAction = (topics: Topics): ReadonlyMap<string, string> =>
  new Map(topics.flatMap(([reason, actions]) => actions.split(' ').map((name) => [name, reason] as const)));

/** By action: why it is not available. One that exists in the cloud is `UnsupportedOperation`, not unknown. */
export const UNSUPPORTED = byAction(TOPICS);
export const DTS_UNSUPPORTED = byAction(DTS_TOPICS);
