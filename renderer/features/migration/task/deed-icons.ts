import {
  IconArchive,
  IconArchiveOff,
  IconArrowBackUp,
  IconFlag,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRotateClockwise,
  IconTrash,
} from '@tabler/icons-react';
import type { Deed } from './model';

/** One icon for one deed, in the list and on the page. */
export const DEED_ICONS: Readonly<Record<Deed, typeof IconTrash>> = {
  start: IconPlayerPlay,
  pause: IconPlayerPause,
  continue: IconPlayerPlay,
  resume: IconRotateClockwise,
  takeBack: IconArrowBackUp,
  finish: IconFlag,
  stop: IconPlayerStop,
  recover: IconArchiveOff,
  isolate: IconArchive,
  destroy: IconTrash,
};
