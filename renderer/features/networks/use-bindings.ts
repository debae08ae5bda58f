import { useEffect, useState } from 'react';
import type { SecurityGroupView } from '../../../shared/model/security-rules';
import { api } from '../../api';
import { presentError } from '../../ui/error-presenter';

/** Ids of the instances that a group is bound to; null until they are known. Asked again when their number changes. */
export function useBindings(plane: string, { region, id, boundCount }: SecurityGroupView): readonly string[] | null {
  const [ids, setIds] = useState<readonly string[] | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    api.networks.bindings({ plane, region, id }, gone.signal).then(setIds, (error: unknown) => {
      if (!gone.signal.aborted) presentError(error);
    });
    return () => gone.abort();
  }, [plane, region, id, boundCount]);
  return ids;
}
