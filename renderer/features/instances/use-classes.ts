import { useEffect, useState } from 'react';
import type { ClassView, InstanceOptions } from '../../../shared/model/instance';
import { api } from '../../api';
import { presentError } from '../../ui/error-presenter';

/**
 * What can be had in a zone for a major version. A control plane of this machine sells the same everywhere; a cloud is asked, and its usual
 * offer stands until it has answered.
 */
export function useClasses(options: InstanceOptions | null, zone: string, major: number): readonly ClassView[] {
  const place = `${zone} ${major}`;
  const [sold, setSold] = useState<{ readonly place: string; readonly classes: readonly ClassView[] } | null>(null);
  const plane = options?.machine === null ? options.plane : null;
  useEffect(() => {
    if (plane === null) return undefined;
    const gone = new AbortController();
    api.instances.classes({ plane, zone, major }, gone.signal).then(
      (classes) => setSold({ place: `${zone} ${major}`, classes }),
      (error: unknown) => {
        if (!gone.signal.aborted) presentError(error);
      },
    );
    return () => gone.abort();
  }, [plane, zone, major]);
  return sold?.place === place ? sold.classes : (options?.classes ?? []);
}
