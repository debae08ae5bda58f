import { api } from '../../../api';
import type { Deed } from './model';

const CALLS: Readonly<Record<Deed, (id: string) => Promise<void>>> = {
  start: (id) => api.migration.start({ id }),
  pause: (id) => api.migration.pause({ id }),
  continue: (id) => api.migration.goOn({ id }),
  resume: (id) => api.migration.resume({ id }),
  takeBack: (id) => api.migration.takeBack({ id }),
  finish: (id) => api.migration.finish({ id }),
  stop: (id) => api.migration.stop({ id }),
  recover: (id) => api.migration.recover({ id }),
  isolate: (id) => api.migration.isolate({ id }),
  destroy: (id) => api.migration.destroy({ id }),
};

/** Does a deed; back when the control plane has accepted it. */
export const doDeed = (deed: Deed, id: string): Promise<void> => CALLS[deed](id);
