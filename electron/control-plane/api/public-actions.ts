/** Every action of the public service postgres 2017-03-12 (as in the official SDK): one that we do not answer is `UnsupportedOperation`, not unknown. */
export const PUBLIC_ACTIONS: ReadonlySet<string> = new Set(
  (
    'AddDBInstanceToReadOnlyGroup CloneDBInstance CloseAccountCAM CloseAuditService CloseDBExtranetAccess CloseDBProxyAddress ' +
    'CloseMem0Service ClosePostgRESTService CreateAccount CreateAuditLogFile CreateBackupPlan CreateBaseBackup ' +
    'CreateDBInstanceNetworkAccess CreateDBProxy CreateDBProxyAddress CreateDatabase CreateInstances CreateParameterTemplate ' +
    'CreateReadOnlyDBInstance CreateReadOnlyGroup CreateReadOnlyGroupNetworkAccess DeleteAccount DeleteAuditLogFile ' +
    'DeleteBackupPlan DeleteBaseBackup DeleteDBInstanceNetworkAccess DeleteDatabase DeleteLogBackup DeleteParameterTemplate ' +
    'DeleteReadOnlyGroup DeleteReadOnlyGroupNetworkAccess DescribeAccountPrivileges DescribeAccounts ' +
    'DescribeAuditInstanceList DescribeAuditLogFiles DescribeAuditLogs DescribeAvailableRecoveryTime ' +
    'DescribeBackupDownloadRestriction DescribeBackupDownloadURL DescribeBackupOverview DescribeBackupPlans ' +
    'DescribeBackupSummaries DescribeBaseBackups DescribeClasses DescribeCloneDBInstanceSpec DescribeDBBackups ' +
    'DescribeDBErrlogs DescribeDBInstanceAttribute DescribeDBInstanceHAConfig DescribeDBInstanceParameters ' +
    'DescribeDBInstanceSSLConfig DescribeDBInstanceSecurityGroups DescribeDBInstances DescribeDBProxy ' +
    'DescribeDBProxySSLConfig DescribeDBProxySpecs DescribeDBVersions DescribeDBXlogs DescribeDatabaseObjects ' +
    'DescribeDatabases DescribeDedicatedClusters DescribeDefaultParameters DescribeEncryptionKeys DescribeLogBackups ' +
    'DescribeMaintainTimeWindow DescribeMem0Service DescribeOrders DescribeParameterTemplateAttributes ' +
    'DescribeParameterTemplates DescribeParamsEvent DescribePostgRESTService DescribeProductConfig DescribeReadOnlyGroups ' +
    'DescribeRegions DescribeSlowQueryAnalysis DescribeSlowQueryList DescribeTasks DescribeZones DestroyDBInstance ' +
    'DestroyDBProxy DisIsolateDBInstances InquiryPriceCreateDBInstances InquiryPriceRenewDBInstance ' +
    'InquiryPriceUpgradeDBInstance IsolateDBInstances LockAccount ModifyAccountPrivileges ModifyAccountRemark ' +
    'ModifyAuditService ModifyBackupDownloadRestriction ModifyBackupPlan ModifyBaseBackupExpireTime ' +
    'ModifyDBInstanceChargeType ModifyDBInstanceDeletionProtection ModifyDBInstanceDeployment ModifyDBInstanceHAConfig ' +
    'ModifyDBInstanceName ModifyDBInstanceParameters ModifyDBInstanceReadOnlyGroup ModifyDBInstanceSSLConfig ' +
    'ModifyDBInstanceSecurityGroups ModifyDBInstanceSpec ModifyDBInstancesProject ModifyDBProxy ModifyDBProxyAddress ' +
    'ModifyDBProxySSLConfig ModifyDatabaseOwner ModifyMaintainTimeWindow ModifyParameterTemplate ' +
    'ModifyReadOnlyDBInstanceWeight ModifyReadOnlyGroupConfig ModifySwitchTimePeriod OpenAccountCAM OpenAuditService ' +
    'OpenDBExtranetAccess OpenMem0Service OpenPostgRESTService RebalanceReadOnlyGroup RefreshAccountPassword ' +
    'ReloadBalanceDBProxyNode RemoveDBInstanceFromReadOnlyGroup RenewInstance ResetAccountPassword RestartDBInstance ' +
    'RestoreDBInstanceObjects SetAutoRenewFlag SwitchDBInstancePrimary UnlockAccount UpgradeDBInstanceKernelVersion ' +
    'UpgradeDBInstanceMajorVersion'
  ).split(' '),
);
