import { primaryOf, standbysOf, type InstanceRecord } from './record';

/** What has to happen so that an instance's nodes are in the wanted zones. Pure. */
export interface DeploymentPlan {
  /** Zone of a standby that is built first; empty when none is. */
  readonly first: string;
  /** Node that becomes the primary; `new` is the one built first; empty when the primary stays. */
  readonly to: string;
  /** Zone of a standby that is built after the switch; empty when none is. */
  readonly second: string;
  /** Nodes that are not needed any more. */
  readonly drop: readonly string[];
}

type Nodes = Pick<InstanceRecord, 'nodes'>;

/** The primary stays where it is. */
function keepPrimary(record: InstanceRecord, standbyZone: string | undefined): DeploymentPlan {
  const standbys = standbysOf(record);
  const kept = standbys.find(({ zone }) => zone === standbyZone);
  return {
    first: standbyZone !== undefined && !kept ? standbyZone : '',
    to: '',
    second: '',
    drop: standbys.filter((node) => node !== kept).map(({ id }) => id),
  };
}

/** `zones`: of the primary, then of the standby if there is to be one. */
export function planDeployment(record: InstanceRecord & Nodes, zones: readonly string[]): DeploymentPlan {
  const [primaryZone = '', standbyZone] = zones;
  const primary = primaryOf(record);
  if (primary.zone === primaryZone) return keepPrimary(record, standbyZone);
  const next = standbysOf(record).find(({ zone, state }) => zone === primaryZone && state === 'ready');
  const others = record.nodes.filter((node) => node !== next);
  const kept = others.find(({ zone, state }) => zone === standbyZone && state === 'ready');
  return {
    first: next ? '' : primaryZone,
    to: next?.id ?? 'new',
    second: standbyZone !== undefined && !kept ? standbyZone : '',
    drop: others.filter((node) => node !== kept).map(({ id }) => id),
  };
}
