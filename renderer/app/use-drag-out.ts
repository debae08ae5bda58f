import { useEffect } from 'react';
import { presentError } from '../ui/error-presenter';
import { moveTabTo } from './dock-api';

/** A tab that is dragged out of the window and dropped on nothing gets a window of its own. */
export function useDragOut(): void {
  useEffect(() => {
    const onDragEnd = (event: DragEvent) => {
      const { clientX, clientY, dataTransfer, target } = event;
      const outside = clientX < 0 || clientY < 0 || clientX > window.innerWidth || clientY > window.innerHeight;
      if (!outside || dataTransfer?.dropEffect !== 'none' || !(target instanceof HTMLElement)) return;
      const id = (target.matches('[data-tab]') ? target : target.querySelector('[data-tab]'))?.getAttribute('data-tab');
      if (id != null) moveTabTo(id).catch(presentError);
    };
    document.addEventListener('dragend', onDragEnd);
    return () => document.removeEventListener('dragend', onDragEnd);
  }, []);
}
