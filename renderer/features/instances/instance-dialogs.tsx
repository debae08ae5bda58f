import type { InstanceView } from '../../../shared/model/instance';
import { AdjustDialog } from './adjust-dialog';
import { DeedDialog } from './deed-dialog';
import { LabelsDialog } from './labels-dialog';
import type { InstanceAction } from './model';
import { RenameDialog } from './rename-dialog';
import { SwitchDialog } from './switch-dialog';

/** What a person has asked for and has not confirmed yet. */
export interface Asked {
  readonly action: Exclude<InstanceAction, 'connect' | 'manage'>;
  readonly instances: readonly InstanceView[];
}

export interface InstanceDialogsProps {
  readonly asked: Asked | null;
  readonly onClose: () => void;
  /** Called after the control plane has accepted it. */
  readonly onDone?: () => void;
}

/** The dialogs that the list and the management page have in common; mounted anew for every question. */
export function InstanceDialogs({ asked, onClose, onDone }: InstanceDialogsProps) {
  const instance = asked?.instances[0];
  if (asked === null || instance === undefined) return null;
  const props = { instance, onClose, onDone: onDone ?? (() => undefined) };
  switch (asked.action) {
    case 'adjust':
      return <AdjustDialog {...props} />;
    case 'rename':
      return <RenameDialog {...props} />;
    case 'labels':
      return <LabelsDialog {...props} instances={asked.instances} />;
    case 'switch':
      return <SwitchDialog {...props} />;
    case 'restart':
    case 'isolate':
    case 'restore':
    case 'destroy':
      return <DeedDialog {...props} deed={asked.action} instances={asked.instances} />;
  }
}
