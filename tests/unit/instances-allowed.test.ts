import { describe, expect, it } from 'vitest';
import { mayBegin, shouldServe } from '../../electron/control-plane/instances/status';
import { allows, type InstanceAction, type PageAction } from '../../renderer/features/instances/model';
import { INSTANCE_STATUSES } from '../../shared/model/instance';

const statuses = (action: InstanceAction | PageAction): string[] =>
  INSTANCE_STATUSES.filter((status) => allows(action, { status, standbyZones: ['ap-guangzhou-4'] }));

describe('the window offers what the control plane takes', () => {
  it.each([
    ['restart', 'restart'],
    ['isolate', 'isolate'],
    ['restore', 'restore'],
    ['destroy', 'destroy'],
    ['switch', 'switch'],
    ['adjust', 'respec'],
    ['deploy', 'deployment'],
    ['ssl', 'ssl'],
  ] as const)('%s', (action, kind) => {
    expect(statuses(action)).toEqual(INSTANCE_STATUSES.filter((status) => mayBegin(kind, status)));
  });

  it('connects to whatever serves', () => {
    expect(statuses('connect')).toEqual(INSTANCE_STATUSES.filter(shouldServe));
  });

  it.each(['addresses', 'ha', 'drill'] as const)(
    '%s only while it serves, and not while its network changes',
    (action) => {
      const serving = INSTANCE_STATUSES.filter((status) => shouldServe(status) && status !== 'network changing');
      expect(serving).toEqual(expect.arrayContaining(statuses(action)));
    },
  );
});
