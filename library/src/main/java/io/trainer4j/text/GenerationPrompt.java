package io.trainer4j.text;

/** Whether a rendered conversation ends with the opening of the assistant's next turn. */
public enum GenerationPrompt {
    /** The model is to answer next. */
    ADD,
    /** The conversation is complete as it stands. */
    OMIT
}
