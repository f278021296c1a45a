/**
 * A page in a frame that may do nothing: no script, no form, no way to the console around it.
 *
 * Other content is another frame. A frame whose `srcdoc` changes while it still loads what stood there before goes on
 * showing that (Chromium), so the preview would be of something else than what was typed.
 */
export function StillFrame({
  html,
  title,
  className,
  inert = false,
  scheme,
}: {
  html: string;
  title: string;
  className?: string;
  /** A picture of a page: nothing in it is to be reached or clicked. */
  inert?: boolean;
  scheme?: 'light' | 'dark';
}) {
  return (
    <iframe
      key={html}
      className={className}
      inert={inert}
      sandbox=""
      title={title}
      srcDoc={html}
      {...(scheme && { style: { colorScheme: scheme } })}
    />
  );
}
