export function HelpView(_props: { readonly topic: string }) {
  return null;
}
