#include "app/ModelQuestion.h"

#include "app/Settings.h"

namespace semascope::app {

std::variant<OpenedModel, ModelQuestion> openModelOrAsk(core::ModelSpec spec, core::JobContext& job)
{
    if (!spec.activation) {
        const core::CheckpointInfo info =
            core::openCheckpoint(spec.path, core::CheckpointWish{std::nullopt, spec.imageSize}).info;
        if (info.supported && core::activationUnknown(info.clip)) {
            job.progress("hashing the weights", "", 0, 0);
            const std::string hash = core::weightsHash(info.files);
            const QString word = Settings().activation(QString::fromStdString(hash));
            spec.activation = core::activationFromName(word.toStdString());
            if (!spec.activation) {
                return ModelQuestion{spec, info, hash};
            }
        }
    }
    OpenedModel opened{core::ClipModel::open(spec, job), spec};
    job.progress("hashing the weights", "", 0, 0);
    (void)opened.model->weightsHash(); // known before anything asks for it on the GUI thread
    return opened;
}

} // namespace semascope::app
