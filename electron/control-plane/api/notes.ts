import type {
  DescribeInstanceEventsResponse,
  DrillNote,
  InstanceNodeNote,
  InstanceNote,
  SessionNote,
} from '../../../shared/model/control-plane';
import type { DrillView } from '../../../shared/model/instance';
import type { SessionFacts } from '../gateway/route';
import type { NodeHealth } from '../instances/instance-service';
import { metered } from '../instances/meter';
import type { InstanceEvent, InstanceRecord } from '../instances/record';
import { progressOf } from './task-actions';

/** What our own service tells, in its words. */

const nodeNote = (node: NodeHealth): InstanceNodeNote => ({
  NodeId: node.id,
  Zone: node.zone,
  Role: node.role,
  State: node.state,
  Problem: node.problem,
  Sync: node.sync,
  LagBytes: node.lagBytes,
  LagSeconds: node.lagSeconds,
  Pid: node.pid,
});

/** What the record says of its servers, without a look at them. */
const recorded = ({ nodes }: InstanceRecord): NodeHealth[] =>
  nodes.map(({ id, zone, role, state, problem }) => ({
    id,
    zone,
    role,
    state,
    problem,
    sync: '',
    lagBytes: null,
    lagSeconds: null,
    pid: 0,
  }));

interface Looked {
  /** How the servers do; null when they were not looked at. */
  readonly nodes: readonly NodeHealth[] | null;
  readonly diskUsed: number | null;
  readonly certificateUntil: number | null;
}

export function instanceNote(record: InstanceRecord, { nodes, diskUsed, certificateUntil }: Looked): InstanceNote {
  const { operation, waiting } = record;
  const { instanceHours, gbHours } = metered(record, Date.now());
  return {
    DBInstanceId: record.id,
    AdminName: record.adminUser,
    Problem: record.problem,
    Operation: operation?.kind ?? '',
    Step: operation?.step ?? '',
    StepNote: operation?.note ?? '',
    Progress: operation ? progressOf(operation.kind, operation.step) : null,
    Nodes: (nodes ?? recorded(record)).map(nodeNote),
    DegradedAt: record.degradedAt,
    Waiting: waiting ? { Kind: waiting.kind, From: waiting.from, Until: waiting.until } : null,
    DiskUsed: diskUsed,
    InstanceHours: instanceHours,
    GbHours: gbHours,
    CertificateValidUntil: certificateUntil,
  };
}

export const eventNote = ({
  at,
  level,
  kind,
  text,
}: InstanceEvent): DescribeInstanceEventsResponse['EventSet'][number] => ({
  At: at,
  Level: level,
  Kind: kind,
  Text: text,
});

/** Routes are named `<instance>`, `<instance>/2` and `<instance>/public`. */
export const sessionNote = (session: SessionFacts): SessionNote => {
  const [DBInstanceId = '', suffix = ''] = session.routeId.split('/', 2);
  return {
    DBInstanceId,
    Client: session.client,
    Since: session.since,
    BytesIn: session.bytesIn,
    BytesOut: session.bytesOut,
    State: session.state,
    User: session.user,
    Database: session.database,
    Application: session.application,
    Tls: session.tls,
    Address: suffix === 'public' ? 'public' : 'private',
  };
};

export const drillNote = (drill: DrillView): DrillNote => ({
  DrillId: drill.id,
  Scenario: drill.scenario,
  StartedAt: drill.startedAt,
  EndedAt: drill.endedAt,
  DetectedMs: drill.detectedMs,
  PromotedMs: drill.promotedMs,
  ServedMs: drill.servedMs,
  WholeMs: drill.wholeMs,
  Acknowledged: drill.acknowledged,
  Lost: drill.lost,
  Problem: drill.problem,
});
