const two = (number: number): string => String(number).padStart(2, '0');

/** An ISO moment as a `datetime-local` input takes it, in this computer's time zone; empty for none and for what is no moment. */
export function localMoment(iso: string): string {
  const at = new Date(iso);
  if (iso === '' || Number.isNaN(at.getTime())) return '';
  const date = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** What such an input holds as an ISO moment in UTC to the second; empty for none. */
export function isoMoment(local: string): string {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? '' : `${at.toISOString().slice(0, 19)}Z`;
}
