import { useCallback, useState } from 'react';
import type { ActivitySample } from '../../../shared/model/dashboard';
import { withSample } from '../../../shared/model/dashboard-rates';
import { api } from '../../api';
import { useScene } from './dashboard-context';
import { useLook, type Looked } from './use-look';

export type Scope = 'server' | 'database';

export interface Activity extends Omit<Looked<ActivitySample>, 'value'> {
  readonly samples: readonly ActivitySample[];
  readonly scope: Scope;
  readonly setScope: (scope: Scope) => void;
}

/** Milliseconds between looks while another page is open: the history goes on. */
const BESIDE_MS = 5000;

/** What a server did since the tab was opened, by the looks that were taken. `shown`: a page shows it. */
export function useActivity(shown: boolean): Activity {
  const { database } = useScene();
  const [scope, setScope] = useState<Scope>('server');
  const [kept, setKept] = useState<{ of: string; samples: readonly ActivitySample[] }>({ of: '', samples: [] });
  const of = scope === 'server' ? scope : `database ${database}`;
  const ask = useCallback(
    async (where: { serverId: string; database: string }, signal: AbortSignal) => {
      const look = await api.dashboard.activity({ ...where, of: scope }, signal);
      setKept((before) => ({
        of,
        samples: withSample(before.of === of ? before.samples : [], look.value),
      }));
      return look;
    },
    [scope, of],
  );
  const { error, again } = useLook(true, ask, shown ? 0 : BESIDE_MS, !shown);
  return { samples: kept.of === of ? kept.samples : [], error, again, scope, setScope };
}
