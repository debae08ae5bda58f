import type { InstanceDetail } from '../../../../shared/model/instance';
import type { Asked } from '../instance-dialogs';

/** What every card and dialog of the management page gets. */
export interface DetailProps {
  readonly detail: InstanceDetail;
  /** Something was changed: read again. */
  readonly onDone: () => void;
}

export interface AskingProps extends DetailProps {
  /** Opens a dialog that the list has as well. */
  readonly onAsk: (action: Asked['action']) => void;
}
