export function CreateInstanceView() {
  return null;
}
