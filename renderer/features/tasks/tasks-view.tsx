export interface TasksViewProps {
  readonly taskId?: string | undefined;
}
export function TasksView(_props: TasksViewProps) {
  return null;
}
