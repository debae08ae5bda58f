import { useCallback, useEffect, useState } from 'react';
import type { InstanceOptions } from '../../../shared/model/instance';
import type { VpcView } from '../../../shared/model/network';
import { LOCAL_PLANE, type PlaneView } from '../../../shared/model/plane';
import type { SecurityGroupView } from '../../../shared/model/security-rules';
import { api, listen } from '../../api';
import { useLive } from '../../ui/use-live';

const readPlanes = () => api.planes.list({});
const followPlanes = (changed: () => void) => listen('planes', 'changed', changed);

/** The control planes that can be chosen from; null until they are known. */
export const usePlanes = (): readonly PlaneView[] | null => useLive(readPlanes, followPlanes);

/** Everything the page shows of one control plane, of all its regions. */
export interface Networks {
  readonly options: InstanceOptions;
  readonly vpcs: readonly VpcView[];
  readonly groups: readonly SecurityGroupView[];
}

export interface LiveNetworks {
  /** Null until the first answer. */
  readonly networks: Networks | null;
  readonly error: unknown;
  /** Reads again; resolves when that is shown. */
  readonly reload: () => Promise<void>;
}

async function read(plane: string, signal: AbortSignal): Promise<Networks> {
  if (plane === LOCAL_PLANE) await api.instances.controlPlane({}, signal);
  const [options, vpcs, groups] = await Promise.all([
    api.instances.options({ plane }, signal),
    api.networks.vpcs({ plane, region: '' }, signal),
    api.networks.groups({ plane, region: '' }, signal),
  ]);
  return { options, vpcs, groups };
}

/** Networks of a control plane; read when they become visible and when instances change (they are bound, addresses are taken). */
export function useNetworks(plane: string, visible: boolean): LiveNetworks {
  const [state, setState] = useState<{ readonly plane: string; readonly networks: Networks | null }>({
    plane,
    networks: null,
  });
  const [error, setError] = useState<unknown>(null);
  const load = useCallback(
    async (signal: AbortSignal) => {
      try {
        const networks = await read(plane, signal);
        if (signal.aborted) return;
        setState({ plane, networks });
        setError(null);
      } catch (thrown) {
        if (!signal.aborted) setError(thrown);
      }
    },
    [plane],
  );
  useEffect(() => {
    if (!visible) return undefined;
    const gone = new AbortController();
    const now = async () => load(gone.signal);
    void now();
    const stop = listen('instances', 'changed', () => void now());
    return () => {
      gone.abort();
      stop();
    };
  }, [load, visible]);
  const reload = useCallback(() => load(new AbortController().signal), [load]);
  return { networks: state.plane === plane ? state.networks : null, error, reload };
}
