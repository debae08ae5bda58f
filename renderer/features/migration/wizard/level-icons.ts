import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle, type Icon } from '@tabler/icons-react';
import type { FindingLevel } from '../../../../shared/model/migration';

export const LEVEL_ICONS: Readonly<Record<FindingLevel, Icon>> = {
  pass: IconCircleCheck,
  info: IconInfoCircle,
  warning: IconAlertTriangle,
  failed: IconCircleX,
};
