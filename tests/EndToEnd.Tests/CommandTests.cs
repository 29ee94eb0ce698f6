using System.CommandLine;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Host.Commands;
using Kilde.Synthetic;

namespace Kilde.EndToEnd.Tests;

/// <summary>What the commands say and end with, without databases.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-commands-");

    [Theory]
    [InlineData("send")]
    [InlineData("validate")]
    [InlineData("compare")]
    [InlineData("submissions", "silent")]
    [InlineData("quality", "declaration")]
    [InlineData("quality", "coverage")]
    [InlineData("quality", "reservations")]
    [InlineData("quality", "eligible")]
    [InlineData("quality", "caveat", "list")]
    [InlineData("quality", "caveat", "note")]
    [InlineData("quality", "caveat", "impute")]
    [InlineData("quality", "caveat", "undo")]
    [InlineData("return")]
    [InlineData("findings", "list")]
    [InlineData("findings", "answer")]
    [InlineData("synthesize")]
    [InlineData("synthesize", "hospital")]
    [InlineData("synthesize", "municipality")]
    [InlineData("definitions", "check")]
    [InlineData("definitions", "list")]
    [InlineData("definitions", "docs")]
    [InlineData("register", "show")]
    [InlineData("register", "as-of")]
    [InlineData("keys", "rotate")]
    [InlineData("audit", "verify")]
    public async Task Help_has_examples(params string[] command)
    {
        var (exitCode, output) = await RunAsync([.. command, "--help"]);

        exitCode.ShouldBe(0, output);
        Regex.IsMatch(output, $@"Examples?:\n +kilde {string.Join(' ', command)}", RegexOptions.None, RegexMax)
            .ShouldBeTrue(output);
    }

    [Fact]
    public void Every_command_and_group_of_commands_has_an_example_of_itself()
    {
        var without = WithPaths(CommandLine.Create(), "kilde").Where(found => !Regex.IsMatch(
            found.Command.Description ?? "", $@"(?s)Examples?:\n.*\b{found.Path}\b", RegexOptions.None, RegexMax));

        without.Select(found => found.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--help", "lists the records that are missing, extra or different.")]
    [InlineData("findings --help", "and what would mend it")]
    [InlineData("definitions --help", "Lists the medical code systems")]
    public async Task A_list_of_commands_tells_each_in_a_whole_sentence(string call, string told)
    {
        var (_, output) = await RunAsync(call.Split(' '));

        output.ShouldContain(told);
        output.ShouldNotContain(" and.\n");
        output.ShouldNotContain(" so.\n");
    }

    [Theory]
    [InlineData("synthesize --out x --day 2026-13-01", "'2026-13-01'", "yyyy-MM-dd", "kilde synthesize --help")]
    [InlineData("synthesize --out x --error Foo", "'Foo'", "WrongIdentifier", "kilde synthesize --help")]
    [InlineData("synthesize --out x --error WrongType=0", "'WrongType=0'", "WrongType=3", "kilde synthesize --help")]
    [InlineData("synthesize hospital --out x --as-of igår", "'igår'", "yyyy-MM-dd", "kilde synthesize hospital")]
    [InlineData("synthesize hospital --out x --error Reversed", "'Reversed'", "ReversedTimes", "ReversedService")]
    [InlineData("synthesize hospital --out x --size 5", "'5'", "120MB", "kilde synthesize hospital --help")]
    [InlineData("synthesize hospital --out x --trust Atlantis", "Atlantis", "Rogaland")]
    [InlineData("synthesize municipality --out x -m Atlantis", "Atlantis", "2019")]
    [InlineData("synthesize municipality --out x -m Oslo --year 2020", "2020", "2021")]
    [InlineData("send none.json", "--type", "kilde definitions list", "kilde send --help")]
    [InlineData("send none.json --type HST_Avtale", "none.json")]
    [InlineData("compare none.json --type Basismelding --from 2026-13", "2026-01", "kilde compare --help")]
    [InlineData("compare none.json --type Basismelding", "none.json")]
    [InlineData("validate none.json --type Ukjent", "Ukjent version 1", "HST_Avtale 1")]
    [InlineData("register as-of t 1 2 igår --purpose p", "'igår'", "2026-11-20T12:00:00+01:00")]
    [InlineData("frobnicate", "'kilde' has no command or option 'frobnicate'", "synthesize", "kilde --help")]
    [InlineData("submissions show 7", "'kilde submissions'", "'show'", "list, silent, replay", "submissions --help")]
    [InlineData("parties add 8150001 --name x --unit 123", "'123'", "no organisation number", "kilde parties add")]
    [InlineData("register emergency 2026-02-01 2026-01-31", "before the first")]
    [InlineData("audit verify", "settings.json", "kilde up")]
    [InlineData("keys rotate identity", "settings.json", "kilde up")]
    public async Task A_wrong_call_is_told_in_a_few_lines_and_ends_with_2(string call, params string[] told)
    {
        var (exitCode, output) = await RunAsync(call.Split(' '));

        exitCode.ShouldBe(2, output);
        foreach (var words in told) output.ShouldContain(words);
        output.ShouldNotContain("System.");
        output.ShouldNotContain("Kilde.");
        output.Split('\n').Length.ShouldBeLessThan(16, output);
    }

    [Fact]
    public async Task A_folder_of_messages_is_made_and_validated_with_progress_in_plain_lines()
    {
        var folder = Path.Combine(_folder.FullName, "messages");

        var (made, written) = await RunAsync(
            ["synthesize", "--type", "HST_Avtale", "--messages", "20", "--out", folder]);
        var (sound, validated) = await RunAsync(["validate", folder, "--type", "HST_Avtale"]);
        await File.WriteAllTextAsync(Path.Combine(folder, "99999.json"), "[{", TestContext.Current.CancellationToken);
        var (unsound, refused) = await RunAsync(["validate", folder, "--type", "HST_Avtale"]);

        made.ShouldBe(0, written);
        written.ShouldContain("Writing messages … 50 %");
        sound.ShouldBe(0, validated);
        validated.ShouldContain("Validating … 100 %");
        validated.ShouldContain("Messages: 20, would be refused: 0.");
        unsound.ShouldBe(1, refused);
        refused.ShouldContain("99999.json: HST_Avtale 1 would be refused.");
        refused.ShouldContain("Messages: 21, would be refused: 1.");
    }

    [Fact]
    public async Task The_seed_the_share_and_the_mix_of_errors_are_chosen()
    {
        string[] call = ["synthesize", "--type", "HST_Konsultasjon", "--messages", "80", "--day", "2026-03-02"];
        string[] mix = ["--errors", "50%", "--error", "UnknownCode=4", "MissingRequired"];

        var (made, told) = await RunAsync([.. call, "--seed", "7", .. mix, "--out", Folder("one")]);
        await RunAsync([.. call, "--seed", "7", .. mix, "--out", Folder("again")]);
        await RunAsync([.. call, "--seed", "8", .. mix, "--out", Folder("other")]);

        made.ShouldBe(0, told);
        var (codes, missing) = (Regex.Count(told, @"\bUnknownCode\b"), Regex.Count(told, @"\bMissingRequired\b"));
        Regex.Count(told, "^•", RegexOptions.Multiline, RegexMax).ShouldBe(codes + missing);
        (codes + missing).ShouldBeInRange(25, 55);
        missing.ShouldBeInRange(1, codes / 2);
        Bytes("one").ShouldBe(Bytes("again"));
        Bytes("one").ShouldNotBe(Bytes("other"));

        string Folder(string name) => Path.Combine(_folder.FullName, name);
        string Bytes(string name) => string.Join(
            '\n', Directory.GetFiles(Folder(name)).Order(StringComparer.Ordinal)
                .Select(path => $"{Path.GetFileName(path)} {File.ReadAllText(path)}"));
    }

    [Fact]
    public async Task Files_of_xml_are_validated_by_their_namespace_bare_wrapped_and_packed()
    {
        var (trust, town) = (Path.Combine(_folder.FullName, "trust"), Path.Combine(_folder.FullName, "town"));
        await RunAsync(["synthesize", "hospital", "--trust", "Finnmark", "--size", "200kB", "--as-of", "2019-12-31",
            "--errors", "20%", "--error", "ReversedTimes", "--out", trust]);
        await RunAsync(["synthesize", "municipality", "-m", "Vadsø", "--year", "2022", "--share", "20%", "--wrap",
            "--out", town]);
        File.Delete(Path.Combine(trust, FaultManifest.FileName));
        var packed = Path.Combine(_folder.FullName, "trust.zip");
        await ZipFile.CreateFromDirectoryAsync(trust, packed, TestContext.Current.CancellationToken);
        var cut = Path.Combine(_folder.FullName, "cut.xml");
        await File.WriteAllTextAsync(cut, "<Melding", TestContext.Current.CancellationToken);

        var (sound, told) = await RunAsync(["validate", packed, town]);
        var (unsound, refused) = await RunAsync(["validate", cut]);
        var (wrong, unnamed) = await RunAsync(["validate", trust, typeof(CommandTests).Assembly.Location]);

        sound.ShouldBe(0, told);
        told.ShouldContain("NPR_ORD 53.1.3 would be received.");
        told.ShouldContain("KPR_IPL 56.0.0 would be received.");
        told.ShouldContain("NPR-EPI-001");
        told.ShouldContain("expected: Slutten (utDatoTid) er ikke før starten (innDatoTid).");
        told.ShouldContain("COD-005");
        told.ShouldContain("would be refused: 0.");
        unsound.ShouldBe(1, refused);
        refused.ShouldContain("cut.xml: would be refused.");
        wrong.ShouldBe(2, unnamed);
        unnamed.ShouldContain("--type");
    }

    [Fact]
    public async Task A_trusts_year_and_a_municipalitys_are_written_in_one_call_with_their_errors_listed()
    {
        var (trust, town) = (Path.Combine(_folder.FullName, "trust"), Path.Combine(_folder.FullName, "town"));

        var (hospital, told) = await RunAsync(["synthesize", "hospital", "--trust", "Finnmark", "--size", "200kB",
            "--errors", "20%", "--error", "ReversedTimes", "TotalDiffers", "--out", trust]);
        var (municipality, also) = await RunAsync(["synthesize", "municipality", "-m", "Vadsø", "--year", "2022",
            "--share", "20%", "--wrap", "--out", town]);

        hospital.ShouldBe(0, told);
        told.ShouldContain("100 %");
        told.ShouldContain("B/s");
        Directory.GetFiles(trust).Select(path => Path.GetFileName(path).Split('_')[0])
            .ShouldBe(["faults.json", "ide", "kpp", "ord", "pak"], ignoreOrder: true);
        var faults = FaultManifest.Read(await File.ReadAllBytesAsync(
            Path.Combine(trust, FaultManifest.FileName), TestContext.Current.CancellationToken));
        faults.Select(fault => fault.Rule).Distinct().ShouldBe(["NPR-EPI-001", "NPR-KPP-001"], ignoreOrder: true);
        municipality.ShouldBe(0, also);
        Directory.GetFiles(town).Select(path => Path.GetFileName(path).Split('_')[0]).Distinct()
            .ShouldBe(["hst", "ipl"], ignoreOrder: true);
    }

    [Fact]
    public async Task Each_type_is_documented_with_schema_and_example_in_files()
    {
        var (exitCode, output) = await RunAsync(["definitions", "docs", "--out", _folder.FullName]);

        exitCode.ShouldBe(0, output);
        var written = Directory.GetFiles(_folder.FullName, "HST_Konsultasjon*", SearchOption.AllDirectories);
        written.Select(Path.GetExtension).Distinct().ShouldBe([".md", ".json"], ignoreOrder: true);
        written.Length.ShouldBe(3);
        foreach (var file in written) new FileInfo(file).Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Mistakes_in_definitions_end_with_1_and_are_told_by_each_command()
    {
        foreach (var command in (string[])["check", "list"])
        {
            var (exitCode, output) = await RunAsync(["definitions", command, "--folder", _folder.FullName]);

            exitCode.ShouldBe(1, output);
            output.ShouldContain("DEF-001");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<(Command Command, string Path)> WithPaths(Command command, string path) =>
        command.Subcommands.SelectMany(sub => WithPaths(sub, $"{path} {sub.Name}")).Prepend((command, path));

    private static readonly TimeSpan RegexMax = TimeSpan.FromSeconds(1);

    private Task<(int ExitCode, string Output)> RunAsync(string[] call) => KildeProcess.RunAsync(
        call, [new("KILDE_DATA", Path.Combine(_folder.FullName, "data")), new("NO_COLOR", "1")],
        TestContext.Current.CancellationToken);
}
