import { LOCAL_PLANE, type PlaneView } from '../../../shared/model/plane';
import { api, listen } from '../../api';
import { useLive } from '../../ui/use-live';

const read = () => api.planes.list({});
const follow = (changed: () => void) => listen('planes', 'changed', changed);

/** The control planes that can be chosen from; null until they are known. */
export const usePlanes = (): readonly PlaneView[] | null => useLive(read, follow);

/** The one that was chosen, while it is registered; else the local one. */
export const planeOf = (chosen: string, planes: readonly PlaneView[] | null): string =>
  planes === null || planes.some(({ id }) => id === chosen) ? chosen : LOCAL_PLANE;
