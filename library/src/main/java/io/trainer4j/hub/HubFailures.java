package io.trainer4j.hub;

import io.trainer4j.TrainerException;
import io.trainer4j.option.NearestName;
import java.io.IOException;
import java.net.http.HttpResponse;

/** The sentences for what can go wrong between a model's name and its files. */
record HubFailures(HubSettings settings) {

    /**
     * Refuses every answer but success.
     *
     * @throws IOException if the server may answer later
     */
    void requireFound(HttpResponse<?> response, HubReference reference) throws IOException {
        Retry.requireReady(response);
        String code = response.headers().firstValue("X-Error-Code").orElse("");
        int status = response.statusCode();
        if (status == 200) {
            return;
        }
        if (code.equals("RevisionNotFound")) {
            throw new TrainerException("The model " + reference.id() + " has no revision \"" + reference.revision()
                    + "\"; leave out @" + reference.revision() + ", or name a branch, tag or commit that "
                    + page(reference) + "/tree/main shows.");
        }
        if (status == 403 || code.equals("GatedRepo")) {
            throw new TrainerException("The model " + reference.id() + " is gated (" + status
                    + "); ask for access at " + page(reference) + " and set HF_TOKEN to a token of that account"
                    + tokenHint() + ".");
        }
        if (status == 401) {
            throw new TrainerException(missing(reference) + ", or it is private or gated (401)" + nearest(reference)
                    + " Check the name, or ask for access at " + page(reference)
                    + " and set HF_TOKEN to a token that may read it" + tokenHint() + ".");
        }
        if (status == 404) {
            throw noModel(reference);
        }
        throw new TrainerException(settings.endpoint() + " answered " + status + " for the model " + reference
                + "; try again later, or check HF_ENDPOINT.");
    }

    TrainerException noModel(HubReference reference) {
        return new TrainerException(missing(reference) + nearest(reference) + " Give a folder, or a name that "
                + settings.endpoint() + "/models lists.");
    }

    TrainerException offline(HubReference reference) {
        return new TrainerException("There is no model folder " + reference + ", and the cache " + settings.cache()
                + " does not hold a whole model of that name" + nearest(reference)
                + " Give a folder, or download it once without --offline (HF_HUB_OFFLINE).");
    }

    TrainerException unreachable(HubReference reference, IOException cause) {
        return new TrainerException(
                "There is no model folder " + reference + ", and the model of that name cannot be downloaded from "
                        + settings.endpoint() + " (" + reason(cause) + "); check the connection and start again, which"
                        + " goes on where it stopped, or set HF_ENDPOINT to a mirror.",
                cause);
    }

    TrainerException notTheHub(HubReference reference) {
        return new TrainerException(
                settings.endpoint() + " does not answer as the Hugging Face Hub does when asked for " + reference
                        + "; check HF_ENDPOINT and the proxy.");
    }

    private String missing(HubReference reference) {
        return "There is no model folder " + reference + " and no model of that name at " + settings.endpoint();
    }

    private String nearest(HubReference reference) {
        return NearestName.nearest(reference.id(), HubCache.models(settings.cache()))
                .filter(name -> !name.equals(reference.id()))
                .map(name -> "; did you mean " + name + "?")
                .orElse(".");
    }

    private String page(HubReference reference) {
        return settings.endpoint() + "/" + reference.id();
    }

    private String tokenHint() {
        return settings.token().isPresent() ? " (the present one may not)" : "";
    }

    private static String reason(IOException cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
