import { useEffect, useId, useRef } from 'react';

type Still = {
  html: string;
  /** A page has the styles of the server, a mail has its own. */
  kind: 'page' | 'mail';
  title: string;
  className?: string;
  /** A picture of a page: nothing in it is to be reached or clicked. */
  inert?: boolean;
  scheme?: 'light' | 'dark';
};

/**
 * A page or a mail in a frame that may do nothing: no script, no form, no way to the console around it. The server gives
 * it back with the policy that customers have it with; a `srcdoc` would have the console's, without pictures and styles.
 *
 * Other content is another frame. So none that still loads can show what stood there before, and none is a step to which
 * the browser's "Back" leads.
 */
export function StillFrame(still: Still) {
  return <Filled key={`${still.scheme} ${still.html}`} {...still} />;
}

function Filled({ html, kind, title, className, inert = false, scheme }: Still) {
  const name = useId();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.submit(), []);
  return (
    <>
      <form ref={form} hidden method="post" action="/console/framed" target={name}>
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="html" value={html} />
        {scheme && <input type="hidden" name="scheme" value={scheme} />}
      </form>
      <iframe
        className={className}
        inert={inert}
        name={name}
        sandbox=""
        title={title}
        {...(scheme && { style: { colorScheme: scheme } })}
      />
    </>
  );
}
