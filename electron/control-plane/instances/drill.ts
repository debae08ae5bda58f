import { AppError } from '../../../shared/errors';
import type { Ground } from './context';
import type { Instances } from './instance-service';

export function createDrills(_deps: { readonly ground: Ground; readonly nextTask: () => number }): {
  begin: Instances['drill'];
  of: Instances['drills'];
  close(): void;
} {
  return {
    begin: async () => {
      throw new AppError({ code: 'unsupported', message: 'not yet' });
    },
    of: () => [],
    close: () => undefined,
  };
}
