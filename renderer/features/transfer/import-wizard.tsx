export interface ImportWizardProps {
  readonly serverId?: string | undefined;
  readonly database?: string | undefined;
  /** An import that was started before: the wizard opens at its progress. */
  readonly taskId?: string | undefined;
}
export function ImportWizard(_props: ImportWizardProps) {
  return null;
}
