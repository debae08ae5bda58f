import { useCallback, useEffect, useState } from 'react';
import type { VpcView } from '../../../shared/model/network';
import type { SecurityGroupView } from '../../../shared/model/security-rules';
import { api } from '../../api';

export interface NetworksOfRegion {
  /** Null until they are known. */
  readonly vpcs: readonly VpcView[] | null;
  readonly groups: readonly SecurityGroupView[] | null;
  readonly error: unknown;
  readonly reload: () => void;
}

/** Networks and security groups that an instance of the region can use; read again when it becomes visible. */
export function useNetworks(plane: string, region: string, visible: boolean): NetworksOfRegion {
  const [vpcs, setVpcs] = useState<readonly VpcView[] | null>(null);
  const [groups, setGroups] = useState<readonly SecurityGroupView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!visible) return undefined;
    const gone = new AbortController();
    const read = async () => {
      try {
        const [nets, sets] = await Promise.all([
          api.networks.vpcs({ plane, region }, gone.signal),
          api.networks.groups({ plane, region }, gone.signal),
        ]);
        setVpcs(nets);
        setGroups(sets);
        setError(null);
      } catch (thrown) {
        if (!gone.signal.aborted) setError(thrown);
      }
    };
    void read();
    return () => gone.abort();
  }, [plane, region, visible, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { vpcs, groups, error, reload };
}
