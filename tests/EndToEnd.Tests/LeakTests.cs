using Kilde.EndToEnd.Tests.Kit;
using Kilde.Host.Up;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// R4.01, R4.02: after a full run no number of a person stands anywhere but, encrypted, in the vault: not in the
/// register's tables, not in any file of the database server, not in logs, answers, pages or temporary files.
/// </summary>
public class LeakTests
{
    private const int LinkedPagesMax = 25;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_identifier_stands_in_clear_text_after_a_full_run()
    {
        var before = TemporaryFiles();
        await using var site = await KildeSite.StartAsync(
            Cancellation, new Dictionary<string, string> { ["Logging:LogLevel:Default"] = "Debug" },
            hasOwnServer: true);
        var norway = SyntheticNorway.Create(7, NorwaySize.Small, ErrorMix.Common(0.3));
        var answers = await SendDayAsync(site, norway);
        await site.WaitForAsync<long>("select count(*) from intake.waiting", waiting => waiting == 0, Cancellation);
        await using (var database = NpgsqlDataSource.Create(site.RegisterLogin))
        await using (var command = database.CreateCommand("select count(*) from register.hst_konsultasjon"))
        {
            ((long)(await command.ExecuteScalarAsync(Cancellation))!).ShouldBeGreaterThan(20);
        }

        var numbers = new KnownNumbers(norway, site.Senders.Select(sender => sender.Unit), KildeSite.Day);
        await numbers.ShouldNotStandInAsync(site.RegisterLogin, Cancellation);
        await numbers.ShouldNotStandInAsync(site.IdentityLogin, Cancellation);
        numbers.ShouldNotStandIn(answers, "an answer");
        await PagesShouldNotHoldAsync(site, numbers);
        numbers.ShouldNotStandIn(site.Server.Output, "the log");
        await site.KillServerAsync();
        foreach (var file in FilesOf(site.Folder).Concat(TemporaryFiles().Except(before)))
            numbers.ShouldNotStandInFile(file);
    }

    [Fact]
    public void A_number_of_someone_unknown_is_found_too()
    {
        var norway = SyntheticNorway.Create(8, NorwaySize.Small);
        var number = norway.PersonsOf(norway.Units[0], KildeSite.Day)
            .First(person => person.Identifier.Kind == PersonIdentifierKind.NationalIdentityNumber).Identifier.Reveal();

        KnownNumbers.AnyoneStandsIn($$"""{"id":"{{number}}"}""").ShouldBeTrue();
        KnownNumbers.AnyoneStandsIn($"(1,{number},2026)").ShouldBeTrue();
        KnownNumbers.AnyoneStandsIn($"It is {number}.").ShouldBeTrue();
        KnownNumbers.AnyoneStandsIn($"1{number} a{number} {number}.5").ShouldBeFalse();
    }

    // Refused and merged submissions first, as they show findings; then whatever the pages lead to.
    private static async Task PagesShouldNotHoldAsync(KildeSite site, KnownNumbers numbers)
    {
        string[] details = await site.ReadAsync<string>(
            """
            select '/mottak/' || submission_id from (
              select submission_id, row_number() over (partition by state order by received_at) as nth
              from intake.submission where state in ('merged', 'rejected')) s
            where nth <= 12
            """, Cancellation);
        details.Length.ShouldBeGreaterThan(12);
        (string User, string[] Pages)[] visits =
        [
            ("registermedarbeider", ["/mottak", .. details, "/avsendere"]),
            ("revisor", ["/revisjon"]),
            ("avsender-1", ["/mottak"]),
        ];
        foreach (var (user, pages) in visits)
        {
            using var browser = await SignedInBrowser.OpenAsync(site.Url, user, Cancellation);
            var seen = await browser.ReadAsync(pages, pagesMax: pages.Length + LinkedPagesMax, Cancellation);
            seen.Count.ShouldBeGreaterThan(pages.Length);
            foreach (var (path, html) in seen) numbers.ShouldNotStandIn(html, path);
        }
    }

    private static async Task<string> SendDayAsync(KildeSite site, SyntheticNorway norway)
    {
        var answers = new List<string>();
        await Parallel.ForEachAsync(site.Senders, Cancellation, async (sender, stop) =>
        {
            using var client = site.Connect(sender);
            foreach (var message in norway.MessagesOf(sender.Unit, KildeSite.Day))
            {
                var outgoing = new OutgoingMessage(message.Type, message.Version, message.Json, message.Day);
                var reply = await client.SendAsync(outgoing, stop);
                var validated = await client.ValidateAsync(outgoing, stop);
                lock (answers) answers.Add($"{reply.Answer} {Details(reply)} {Details(validated)}");
            }
        });
        return string.Join('\n', answers);
    }

    private static string Details(SlashReply reply) => string.Join('\n', reply.Answer.Errors.Select(error =>
        $"{error.ErrorMessage} {error.ErrorDetails}"));

    private static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(
        folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });

    private static IEnumerable<string> TemporaryFiles() => Directory.EnumerateDirectories(Path.GetTempPath(), "kilde*")
        .SelectMany(FilesOf);
}
