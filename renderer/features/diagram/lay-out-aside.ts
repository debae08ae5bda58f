import { cancelled } from '../../../shared/errors';
import type { LayoutTask, Places } from './layout';
import LayoutWorker from './layout-worker?worker';

/** Lays out beside the window; aborting ends it. */
export function layOutAside(task: LayoutTask, signal: AbortSignal): Promise<Places> {
  if (signal.aborted) return Promise.reject(cancelled());
  const worker = new LayoutWorker();
  const work = new Promise<Places>((resolve, reject) => {
    worker.addEventListener('message', (event: MessageEvent<Places>) => resolve(event.data));
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    signal.addEventListener('abort', () => reject(cancelled()), { once: true });
    worker.postMessage(task, []);
  });
  return work.finally(() => worker.terminate());
}
