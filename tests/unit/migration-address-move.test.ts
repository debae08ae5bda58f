import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createAddressMove,
  type AddressMove,
  type AddressMoveDeps,
} from '../../electron/control-plane/migration/address-move';
import type { InstanceRecord } from '../../electron/control-plane/instances/record';
import { anInstance } from '../support/instance-record';

const JOB = 'dts-test0001';
const [A, B] = ['postgres-aaaaaaaa', 'postgres-bbbbbbbb'];
const side = (instanceId: string) => ({ accessType: 'cdb' as const, instanceId });
const at = (host: string) => [{ vpcId: 'vpc-1', subnetId: 'subnet-1', host, port: 5432 }];

let folder: string;
let records: Map<string, InstanceRecord>;
/** Dies before the change of that number. */
let dieAt: number;
let move: AddressMove;

const host = (id: string): string => records.get(id)?.networks[0]?.host ?? '';
const heldBy = (id: string): string => records.get(id)?.heldBy ?? '';
const change = (id: string, to: Partial<InstanceRecord>): void => {
  if (dieAt === 0) throw new Error('killed');
  dieAt -= 1;
  const before = records.get(id);
  if (before) records.set(id, { ...before, ...to });
};

const instances: AddressMoveDeps['instances'] = {
  get: (id) => records.get(id),
  certifyFor: async (id, names) => change(id, { certifiedFor: [...names] }),
  holdClients: async (id, heldFor) => change(id, { heldBy: heldFor }),
  letClients: async (id, heldFor) => {
    if (heldBy(id) === heldFor) change(id, { heldBy: '' });
  },
  exchangeAddresses: async (first, second) => {
    change(first.id, first.addresses);
    change(second.id, second.addresses);
  },
  noteEvent: async () => undefined,
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-move-'));
  mkdirSync(join(folder, JOB));
  records = new Map([
    [A, anInstance({ id: A, networks: at('127.0.3.2'), securityGroupIds: ['sg-a'], status: 'running' })],
    [B, anInstance({ id: B, networks: at('127.0.3.9'), securityGroupIds: ['sg-b'], status: 'running' })],
  ]);
  dieAt = -1;
  move = createAddressMove({ instances, folderOf: (id) => join(folder, id) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the address of an instance', () => {
  it('moves with who may come in, and the other way round when it is moved back', async () => {
    await move.hold(JOB, side(A), side(B));
    expect([heldBy(A), heldBy(B)]).toEqual([JOB, '']);
    expect(records.get(B)?.certifiedFor).toEqual(['127.0.3.2']);
    await move.switch(JOB);
    expect([host(A), host(B)]).toEqual(['127.0.3.9', '127.0.3.2']);
    expect(records.get(B)?.securityGroupIds).toEqual(['sg-a']);
    expect([heldBy(A), heldBy(B)]).toEqual([JOB, JOB]);
    await move.release(JOB);
    expect([heldBy(A), heldBy(B)]).toEqual(['', '']);
    // What is complete is not undone by accident.
    await move.undo(JOB);
    expect(host(B)).toBe('127.0.3.2');

    await move.hold(JOB, side(B), side(A));
    expect([heldBy(A), heldBy(B)]).toEqual(['', JOB]);
    await move.switch(JOB);
    await move.release(JOB);
    expect([host(A), host(B), heldBy(A), heldBy(B)]).toEqual(['127.0.3.2', '127.0.3.9', '', '']);
  });

  it('stays when it is let go before', async () => {
    await move.hold(JOB, side(A), side(B));
    await move.undo(JOB);
    expect([host(A), heldBy(A)]).toEqual(['127.0.3.2', '']);
    await expect(move.switch(JOB)).rejects.toThrow('holds no address');
  });

  it('takes a security group along that was bound while the clients waited', async () => {
    await move.hold(JOB, side(A), side(B));
    change(A, { securityGroupIds: ['sg-late'] });
    await move.switch(JOB);
    expect(records.get(B)?.securityGroupIds).toEqual(['sg-late']);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('is whole again after an end at change %i, gone on with', async (number) => {
    dieAt = number;
    const steps = [() => move.hold(JOB, side(A), side(B)), () => move.switch(JOB), () => move.release(JOB)];
    for (const step of steps) {
      await step().catch(async (error: unknown) => {
        expect(String(error)).toContain('killed');
        dieAt = -1;
        // Another daemon: it knows what the disk knows.
        move = createAddressMove({ instances, folderOf: (id) => join(folder, id) });
        await step();
      });
    }
    expect([host(A), host(B), heldBy(A), heldBy(B)]).toEqual(['127.0.3.9', '127.0.3.2', '', '']);
  });

  it.each([2, 3, 4, 5])('is as before after an end at change %i, undone', async (number) => {
    dieAt = number;
    await move
      .hold(JOB, side(A), side(B))
      .then(() => move.switch(JOB))
      .catch(() => undefined);
    dieAt = -1;
    await move.undo(JOB);
    expect([host(A), host(B), heldBy(A), heldBy(B)]).toEqual(['127.0.3.2', '127.0.3.9', '', '']);
    expect(records.get(A)?.securityGroupIds).toEqual(['sg-a']);
  });
});

describe('it cannot move', () => {
  it.each<[string, () => string]>([
    ['by host and port', () => move.why({ accessType: 'extranet', instanceId: '' }, side(B))],
    ['unknown', () => move.why(side('postgres-cccccccc'), side(B))],
    ['to itself', () => move.why(side(A), side(A))],
    [
      'into another region',
      () => {
        change(B, { region: 'ap-tokyo' });
        return move.why(side(A), side(B));
      },
    ],
    [
      'to where there is no TLS',
      () => {
        change(A, { ssl: { enabled: true, connectAddress: '127.0.3.2' } });
        return move.why(side(A), side(B));
      },
    ],
    [
      'while it does not serve',
      () => {
        change(B, { status: 'isolated' });
        return move.why(side(A), side(B));
      },
    ],
  ])('%s', async (_name, why) => {
    expect(move.can(side(A), side(B))).toBe(true);
    expect(why()).not.toBe('');
  });
});
