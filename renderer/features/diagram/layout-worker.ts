import { layOut, type LayoutTask } from './layout';

// A large schema takes seconds: the window must stay alive meanwhile.
self.addEventListener('message', (event: MessageEvent<LayoutTask>) => {
  self.postMessage(layOut(event.data), { transfer: [] });
});
