/**
 * Text to token ids and back: tokenizers, chat templates, training examples of prompt and completion, and a trainer for
 * byte-level BPE vocabularies. Works on local files only; nothing here opens a connection.
 */
package io.trainer4j.text;
