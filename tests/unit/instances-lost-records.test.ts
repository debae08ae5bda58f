import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c } from '../../electron/control-plane/cluster/crc32c';
import { changeRecord } from '../../electron/control-plane/instances/change-record';
import { withNewPrimary } from '../../electron/control-plane/instances/ha-rules';
import { operationInput, type InstanceRecord } from '../../electron/control-plane/instances/record';
import { openRepository } from '../../electron/control-plane/instances/repository';
import { aNode, anInstance } from '../support/instance-record';
import { memoryLog } from '../support/log';

/** Who serves when the record of an instance was lost: the data folders decide, not a copy that may be of before. */

let folder: string;
let zones: string;
const pair = anInstance({ nodes: [aNode('n1'), aNode('n2', { role: 'standby', inSync: true })] });
const open = () => openRepository(join(folder, 'instances'), zones, memoryLog());
const baseOf = (id: string) => join(zones, `ap-guangzhou-3/${pair.id}/${id}`);

/** A control file as PostgreSQL 17 has it, as far as it is read. */
function controlFile(timeline: number): Buffer {
  const bytes = Buffer.alloc(8192);
  bytes.writeUInt32LE(timeline, 48);
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, 292)), 292);
  return bytes;
}

function data(id: string, { timeline = 1, follows = false, history = 0 }): void {
  const made = join(baseOf(id), 'data');
  mkdirSync(join(made, 'global'), { recursive: true });
  mkdirSync(join(made, 'pg_wal'), { recursive: true });
  writeFileSync(join(made, 'PG_VERSION'), '17\n');
  writeFileSync(join(made, 'global/pg_control'), controlFile(timeline));
  if (follows) writeFileSync(join(made, 'standby.signal'), '');
  if (history > 0)
    writeFileSync(join(made, 'pg_wal', `${history.toString(16).padStart(8, '0').toUpperCase()}.history`), '');
}

function copy(record: InstanceRecord): void {
  for (const { id } of record.nodes) {
    mkdirSync(baseOf(id), { recursive: true });
    writeFileSync(join(baseOf(id), 'instance.json'), JSON.stringify({ version: 2, data: record }));
  }
}

const found = () =>
  open()
    .get(pair.id)
    ?.nodes.map(({ id, role, state }) => `${id} ${role} ${state}`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-lost-records-'));
  zones = join(folder, 'zones');
  mkdirSync(join(folder, 'instances'));
  copy(pair);
});
// The record that was found is still being written: what comes in between is removed on a next try.
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));

describe('an instance whose record was lost is served by', () => {
  it('the primary of the copy, when its data says so too', () => {
    data('n1', {});
    data('n2', { follows: true });
    expect(found()).toEqual(['n1 primary ready', 'n2 standby ready']);
  });

  it('the node that took over after the copy was made', () => {
    data('n1', {});
    data('n2', { timeline: 2 });
    expect(found()).toEqual(['n2 primary ready', 'n1 standby lost']);
  });

  it('the node that took over and had no time to note its timeline', () => {
    data('n1', {});
    data('n2', { history: 2 });
    expect(found()).toEqual(['n2 primary ready', 'n1 standby lost']);
  });

  it('the only node that follows nobody, when the other one has become a standby meanwhile', () => {
    data('n1', { timeline: 2, follows: true, history: 2 });
    data('n2', { timeline: 2 });
    expect(found()).toEqual(['n2 primary ready', 'n1 standby ready']);
  });

  it('the node that is left', () => {
    data('n2', { timeline: 2 });
    expect(found()).toEqual(['n2 primary ready', 'n1 standby lost']);
  });

  it('no node that was given up, whatever its timeline', () => {
    copy({ ...pair, nodes: [aNode('n1'), aNode('n2', { role: 'standby', state: 'lost' })] });
    data('n1', {});
    data('n2', { timeline: 2 });
    expect(found()).toEqual(['n1 primary ready', 'n2 standby lost']);
  });

  it('the primary of the copy, when no data says anything', () => {
    data('n2', { follows: true });
    expect(found()).toEqual(['n1 primary ready', 'n2 standby ready']);
  });
});

describe('the copy beside the data', () => {
  const text = () => readFileSync(join(baseOf('n2'), 'instance.json'), 'utf8');

  it('tells who serves as soon as that changes, in the middle of an operation too', async () => {
    data('n1', {});
    data('n2', { follows: true });
    const repository = open();
    await repository.put(pair);
    await expect.poll(() => text()).toContain('"id":"n1"');
    const operation = {
      taskId: 1,
      kind: 'failover' as const,
      step: 'promote',
      note: '',
      startedAt: 1,
      adminVerifier: null,
      input: operationInput.parse({}),
      facts: {},
    };
    await changeRecord(repository, pair.id, { status: 'switching', operation });
    const { nodes } = withNewPrimary(pair, 'n2', { state: 'lost', problem: '' });
    await changeRecord(repository, pair.id, { nodes });
    await expect.poll(() => text()).toMatch(/"nodes":\[\{"id":"n2"/);
    expect(text()).toContain('"operation":null');
    expect(existsSync(join(baseOf('n1'), 'instance.json'))).toBe(true);
  });
});
