using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;

namespace Kilde.Register.Tests;

public class RecordKeyTests
{
    // Made with: printf 'KPR\nhst_konsultasjon\n974760673\nK-1' | sha256sum, version 8 and variant set.
    [Fact]
    public void The_key_can_be_computed_by_anyone_who_knows_the_record() =>
        RecordKey.Of(RegisterCode.Kpr, "hst_konsultasjon", Messages.SenderText, "K-1")
            .ShouldBe(Guid.Parse("faad8dac-2543-8b4f-b41d-423d94cce839"));

    [Fact]
    public void Each_part_makes_another_record()
    {
        Guid[] keys =
        [
            RecordKey.Of(RegisterCode.Kpr, "hst_konsultasjon", Messages.SenderText, "K-1"),
            RecordKey.Of(RegisterCode.Npr, "hst_konsultasjon", Messages.SenderText, "K-1"),
            RecordKey.Of(RegisterCode.Kpr, "hst_avtale", Messages.SenderText, "K-1"),
            RecordKey.Of(RegisterCode.Kpr, "hst_konsultasjon", $"{Messages.OtherSender}", "K-1"),
            RecordKey.Of(RegisterCode.Kpr, "hst_konsultasjon", Messages.SenderText, "K-2"),
            RecordKey.Of(RegisterCode.Kpr, "hst_konsultasjon", Messages.SenderText, new string('x', 1_000)),
        ];

        keys.Distinct().Count().ShouldBe(keys.Length);
        keys.ShouldAllBe(key => key.Version == 8);
    }
}
