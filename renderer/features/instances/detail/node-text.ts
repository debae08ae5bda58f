import type { NodeView } from '../../../../shared/model/instance';
import { formatBytes, formatDuration } from '../../../ui/bytes';
import type { Tone } from '../../../ui/status-pill';

export const NODE_TONES: Readonly<Record<NodeView['state'], Tone>> = {
  ready: 'ok',
  building: 'busy',
  lost: 'error',
  down: 'error',
};

/** `16 KiB, 12 ms`; a dash where it is not known. */
export function lagText({ lagBytes, lagSeconds }: Pick<NodeView, 'lagBytes' | 'lagSeconds'>): string {
  const parts = [
    ...(lagBytes === null ? [] : [formatBytes(lagBytes)]),
    ...(lagSeconds === null ? [] : [formatDuration(lagSeconds * 1000)]),
  ];
  return parts.length === 0 ? '–' : parts.join(', ');
}
