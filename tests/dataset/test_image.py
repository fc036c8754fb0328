"""The image of dataset: locked as those of the services, with what it simulates in it, writing to /data."""

from tests.images.files import ROOT, lineage, stages


def test_the_image_runs_dataset_as_a_user_without_rights() -> None:
    users = [user for stage in lineage("dataset") for user in reversed(stage.arguments("USER"))]

    assert stages()["dataset"].arguments("ENTRYPOINT") == ['["dataset"]']
    assert users[0] == "10001:10001"


def test_the_image_writes_to_the_volume_unless_told_otherwise() -> None:
    assert stages()["dataset"].arguments("ENV") == ["DATASET_OUTPUT=/data/"]
    assert stages()["dataset"].base == "runtime-with-data"


def test_the_image_holds_dataset_with_meter_and_pvsim_and_its_own_requirements() -> None:
    copied = [line.split()[0] for line in stages()["dataset-service"].arguments("COPY")]

    assert copied == ["services/meter", "services/pvsim", "services/dataset"]
    assert all(f"./{source}" in stages()["dataset-service"].arguments("RUN")[0] for source in copied)
    assert stages()["dataset-dependencies"].arguments("COPY") == ["requirements/dataset.txt requirements/"]


def test_the_image_is_built_with_the_others() -> None:
    assert "SERVICES=(meter pvsim exporter dataset)" in (ROOT / "scripts" / "images.sh").read_text()
