import type { Finding } from '../../../shared/model/migration';

export type ReportLanguage = 'en' | 'zh-CN';

/** Labels of the report. What servers and the control plane say stays in their words. */
export interface ReportWords {
  readonly task: string;
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly started: string;
  readonly ended: string;
  readonly made: (time: string) => string;
  /** Of an endpoint: where it is and with which account. */
  readonly place: (where: string, user: string) => string;
  readonly instance: string;
  readonly tables: string;
  readonly objects: string;
  readonly indexes: string;
  readonly copied: string;
  readonly doneOf: (done: string, all: string) => string;
  readonly failedToo: (done: string, all: string, failed: string) => string;
  readonly rowsAndBytes: (rows: string, bytes: string) => string;
  readonly result: string;
  readonly check: string;
  readonly found: string;
  readonly levels: Readonly<Record<Finding['level'], string>>;
  readonly database: string;
  readonly table: string;
  readonly state: string;
  readonly rows: string;
  readonly remark: string;
  readonly outcome: string;
  readonly object: string;
  readonly reason: string;
  readonly time: string;
  readonly event: string;
  readonly failedObjects: string;
  readonly allArrived: string;
  readonly noTables: string;
  readonly checks: string;
  readonly allPassed: (checks: string) => string;
  readonly events: string;
  readonly gap: string;
  /** Seconds are `—` when they are not known. */
  readonly gapOf: (bytes: string, seconds: string) => string;
  readonly changes: string;
  readonly comparisons: string;
  readonly name: string;
  readonly way: string;
  readonly equal: string;
  readonly different: string;
  readonly notCompared: string;
  readonly comparedTables: (comparison: string) => string;
  readonly differingRows: (comparison: string, table: string) => string;
  readonly key: string;
  readonly columns: string;
  readonly cutOver: string;
  readonly step: string;
  readonly halts: string;
  readonly decisions: string;
  /** Statuses, types, states and outcomes; what is not here is written as it is. */
  readonly terms: Readonly<Record<string, string>>;
}

const EN: ReportWords = {
  task: 'Task',
  source: 'Source',
  target: 'Target',
  type: 'Type',
  started: 'Started',
  ended: 'Ended',
  made: (time) => `made ${time}`,
  place: (where, user) => `${where} as ${user}`,
  instance: 'instance',
  tables: 'Tables',
  objects: 'Objects',
  indexes: 'Indexes',
  copied: 'Copied',
  doneOf: (done, all) => `${done} of ${all}`,
  failedToo: (done, all, failed) => `${done} of ${all}, ${failed} failed`,
  rowsAndBytes: (rows, bytes) => `${rows} rows, ${bytes}`,
  result: 'Result',
  check: 'Check',
  found: 'Found',
  levels: { pass: 'passed', info: 'note', warning: 'alarm', failed: 'failed' },
  database: 'Database',
  table: 'Table',
  state: 'State',
  rows: 'Rows',
  remark: 'Remark',
  outcome: 'Outcome',
  object: 'Object',
  reason: 'Reason',
  time: 'Time',
  event: 'Event',
  failedObjects: 'Failed and skipped objects',
  allArrived: 'Every object arrived.',
  noTables: 'No table was copied.',
  checks: 'Checks',
  allPassed: (checks) => `${checks} checks passed without a remark.`,
  events: 'Events',
  gap: 'Gap',
  gapOf: (bytes, seconds) => `${bytes}, ${seconds} s`,
  changes: 'Changes',
  comparisons: 'Comparisons',
  name: 'Name',
  way: 'Compared',
  equal: 'Alike',
  different: 'Different',
  notCompared: 'Not compared',
  comparedTables: (comparison) => `Tables of ${comparison}`,
  differingRows: (comparison, table) => `Rows that differ in ${table} (${comparison})`,
  key: 'Key',
  columns: 'Source → target',
  cutOver: 'Cut-over',
  step: 'Step',
  halts: 'Waits for a decision',
  decisions: 'Decisions',
  terms: {
    stopWrites: 'stop writes',
    drain: 'last changes',
    sequences: 'sequences',
    materialized: 'materialized views',
    constraints: 'constraints',
    analyze: 'statistics',
    compare: 'comparison',
    armFailBack: 'way back',
    open: 'open',
    cleanUp: 'clean up',
    notStarted: 'not begun',
    equal: 'alike',
    unfit: 'cannot be compared',
    missing: 'missing on the target',
    extra: 'on the target only',
    changed: 'other values',
    fullAndIncrement: 'full and incremental',
    rowCount: 'numbers of rows',
    sample: 'a sample of the rows',
    fullCompare: 'every row',
  },
};

const ZH: ReportWords = {
  task: '任务',
  source: '源',
  target: '目标',
  type: '迁移类型',
  started: '开始时间',
  ended: '结束时间',
  made: (time) => `生成于 ${time}`,
  place: (where, user) => `${where}，账号 ${user}`,
  instance: '实例',
  tables: '表',
  objects: '对象',
  indexes: '索引',
  copied: '已复制',
  doneOf: (done, all) => `${done} / ${all}`,
  failedToo: (done, all, failed) => `${done} / ${all}，${failed} 个失败`,
  rowsAndBytes: (rows, bytes) => `${rows} 行，${bytes}`,
  result: '结果',
  check: '检查项',
  found: '发现',
  levels: { pass: '通过', info: '提示', warning: '告警', failed: '未通过' },
  database: '数据库',
  table: '表',
  state: '状态',
  rows: '行数',
  remark: '备注',
  outcome: '结果',
  object: '对象',
  reason: '原因',
  time: '时间',
  event: '事件',
  failedObjects: '失败和跳过的对象',
  allArrived: '所有对象均已到达。',
  noTables: '没有复制表。',
  checks: '校验',
  allPassed: (checks) => `${checks} 项检查全部通过。`,
  events: '事件',
  gap: '差距',
  gapOf: (bytes, seconds) => `${bytes}，${seconds} 秒`,
  changes: '变更',
  comparisons: '一致性校验',
  name: '名称',
  way: '校验方式',
  equal: '一致',
  different: '不一致',
  notCompared: '未能校验',
  comparedTables: (comparison) => `${comparison} 的各表`,
  differingRows: (comparison, table) => `${table} 中不一致的行（${comparison}）`,
  key: '主键',
  columns: '源 → 目标',
  cutOver: '割接',
  step: '步骤',
  halts: '等待处理',
  decisions: '处理决定',
  terms: {
    stopWrites: '停止写入',
    drain: '最后的变更',
    sequences: '序列',
    materialized: '物化视图',
    constraints: '约束',
    analyze: '统计信息',
    compare: '校验',
    armFailBack: '反向同步',
    open: '开放',
    cleanUp: '清理',
    notStarted: '未开始',
    equal: '一致',
    different: '不一致',
    unfit: '无法校验',
    missing: '目标缺少',
    extra: '仅目标存在',
    changed: '值不同',
    structure: '结构迁移',
    full: '全量迁移',
    fullAndIncrement: '全量 + 增量迁移',
    fullCompare: '全量对比',
    rowCount: '行数对比',
    sample: '抽样对比',
    readyComplete: '待完成',
    completing: '完成中',
    guarding: '守护中',
    created: '配置中',
    checking: '校验中',
    checkPass: '校验通过',
    checkNotPass: '校验不通过',
    readyRun: '准备运行',
    running: '运行中',
    pausing: '暂停中',
    manualPaused: '已暂停',
    stopping: '终止中',
    canceled: '已终止',
    failed: '失败',
    success: '已完成',
    waiting: '等待中',
    copying: '复制中',
    indexing: '创建索引中',
    done: '完成',
    skipped: '跳过',
  },
};

export const REPORT_WORDS: Readonly<Record<ReportLanguage, ReportWords>> = { en: EN, 'zh-CN': ZH };
