import { useCallback, useState } from 'react';
import type { ActivitySample } from '../../../shared/model/dashboard';
import { withSample } from '../../../shared/model/dashboard-rates';
import { api } from '../../api';
import { useLook, type Looked } from './use-look';

export type Scope = 'server' | 'database';

export interface Activity extends Omit<Looked<ActivitySample>, 'value'> {
  readonly samples: readonly ActivitySample[];
  readonly scope: Scope;
  readonly setScope: (scope: Scope) => void;
}

/** What a server did since the tab was opened, by the looks that were taken. */
export function useActivity(open: boolean): Activity {
  const [scope, setScope] = useState<Scope>('server');
  const [kept, setKept] = useState<{ of: Scope; samples: readonly ActivitySample[] }>({ of: 'server', samples: [] });
  const ask = useCallback(
    async (where: { serverId: string; database: string }, signal: AbortSignal) => {
      const look = await api.dashboard.activity({ ...where, of: scope }, signal);
      setKept((before) => ({
        of: scope,
        samples: withSample(before.of === scope ? before.samples : [], look.value),
      }));
      return look;
    },
    [scope],
  );
  const { error, again } = useLook(open, ask);
  return { samples: kept.of === scope ? kept.samples : [], error, again, scope, setScope };
}
