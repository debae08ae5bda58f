import type { DrillView, InstanceDetail, InstanceSession, InstanceView, NodeView } from '../../shared/model/instance';

/** One line of the list, tabs between: id, name, status, version, address, user, zones (the primary's first), and the problem if there is one. */
export const instanceLine = (each: InstanceView): string =>
  [
    each.id,
    each.name,
    each.status,
    `PostgreSQL ${each.version}`,
    `${each.host}:${each.port}`,
    each.adminUser,
    [each.zone, ...each.standbyZones].join('+'),
    ...(each.problem === '' ? [] : [each.problem]),
  ].join('\t');

const bytes = (value: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const at = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${(value / 1024 ** at).toFixed(at === 0 ? 0 : 1)} ${units[at] ?? ''}`;
};

function nodeLine(node: NodeView): string {
  const lag = node.lagBytes === null ? '' : `${bytes(node.lagBytes)} behind`;
  return [node.id, node.zone, node.role, node.state, node.sync, lag, node.problem]
    .filter((each) => each !== '')
    .join(' ');
}

/** One instance in full: a name and a value on every line. */
export function detailText(one: InstanceDetail): string {
  const rows: readonly (readonly [string, string])[] = [
    ['ID', one.id],
    ['Name', one.name],
    ['Status', [one.status, one.step, one.note].filter((each) => each !== '').join(', ')],
    ['Problem', one.problem],
    ['Version', `PostgreSQL ${one.version}`],
    ['Class', `${one.classCode}, ${one.cpu} CPU, ${one.memoryGb} GB memory, ${one.storageGb} GB disk`],
    ['Disk used', one.diskUsed === null ? '' : bytes(one.diskUsed)],
    ['Private address', one.networks.map(({ host, port }) => `${host}:${port}`).join(', ')],
    ['Public address', one.publicHost === '' ? 'off' : `${one.publicHost}:${one.publicPort}`],
    ['TLS', one.ssl.enabled ? `on, for ${one.ssl.connectAddress}` : 'off'],
    ['User', one.adminUser],
    ['Replication', one.nodes.length > 1 ? (one.syncMode ?? '') : ''],
    ['Degraded since', one.degradedAt === null ? '' : new Date(one.degradedAt).toISOString()],
    ...one.nodes.map((node): readonly [string, string] => ['Node', nodeLine(node)]),
    ['Security groups', one.securityGroupIds.join(', ')],
    ['Deletion protection', one.deletionProtection ? 'on' : 'off'],
    ['Project', String(one.projectId)],
    ['Tags', one.tags.map(({ key, value }) => `${key}=${value}`).join(', ')],
    [
      'Maintenance',
      `${one.maintenance.weekdays.join(', ')} ${one.maintenance.start}, ${one.maintenance.duration} h`.trim(),
    ],
    ['Waiting', one.waiting === null ? '' : `${one.waiting.kind} until ${new Date(one.waiting.until).toISOString()}`],
    ['Created', new Date(one.createdAt).toISOString()],
  ];
  return rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}:`.padEnd(21) + value)
    .join('\n');
}

/** One line of the connections, tabs between: client, since, state, address it came by, TLS, user, database, application, bytes in and out. */
export const sessionLine = (each: InstanceSession): string =>
  [
    each.client,
    new Date(each.since).toISOString(),
    each.state,
    each.address,
    each.tls ? 'tls' : 'plain',
    each.user,
    each.database,
    each.application,
    String(each.bytesIn),
    String(each.bytesOut),
  ].join('\t');

/** What a drill showed; times are after the blow. */
export function drillText(drill: DrillView): string {
  const ms = (value: number | null): string => (value === null ? 'not seen' : `after ${Math.round(value)} ms`);
  return [
    `Drill:       ${drill.scenario}`,
    `Detected:    ${ms(drill.detectedMs)}`,
    `Promoted:    ${ms(drill.promotedMs)}`,
    `Served:      ${ms(drill.servedMs)}`,
    `Whole again: ${ms(drill.wholeMs)}`,
    `Commits:     ${drill.acknowledged} acknowledged, ${drill.lost} lost`,
    ...(drill.problem === '' ? [] : [`Problem:     ${drill.problem}`]),
  ].join('\n');
}
