/** The part of the status bar that tells running tasks. */
export function TasksStatus() {
  return null;
}
