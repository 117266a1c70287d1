/**
 * A small interpreter of Jinja, as far as chat templates need it: values and results are those of Python's Jinja 3.1 in the
 * environment that transformers' {@code chat_template_utils} sets up.
 */
package io.trainer4j.text.jinja;
