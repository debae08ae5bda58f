export function InstancesView() {
  return null;
}
