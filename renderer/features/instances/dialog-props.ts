import type { InstanceView } from '../../../shared/model/instance';

/** What every dialog about one instance gets. */
export interface DialogProps {
  readonly instance: InstanceView;
  readonly onClose: () => void;
  /** Called after the control plane has accepted it. */
  readonly onDone: () => void;
}
