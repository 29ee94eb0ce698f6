using Dapper;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Register.Merging;

namespace Kilde.Register.Tests.Kit;

/// <summary>
/// The visits of <see cref="Messages"/>, of which some are held apart: those whose note is <see cref="Secret"/> are of
/// the class <c>prove_rad</c>, and what stands in <c>barn</c> is always of the class <c>prove_felt</c>.
/// </summary>
internal static class HeldApart
{
    public const string Secret = "hemmelig";

    public const string Rows = "prove_rad";

    public const string Items = "prove_felt";

    public static RecordType Visit { get; } = new()
    {
        Table = Messages.Visit.Table,
        Titles = Messages.Visit.Titles,
        WireName = Messages.Visit.WireName,
        Key = Messages.Visit.Key,
        Event = Messages.Visit.Event,
        Fields = [],
        Columns = Messages.Visit.Columns,
        Contact = Messages.Visit.Contact,
        Sensitive =
        [
            new(ClassOf(Rows), [new(PlaceOf("merknad"), new Dictionary<string, IReadOnlySet<string>>
            {
                [""] = new HashSet<string> { Secret },
            })], []),
            new(ClassOf(Items), [], [PlaceOf("barn")]),
        ],
    };

    public static MessageType VisitMessage { get; } =
        Messages.TypeOf(Messages.VisitMessage.Name, Messages.VisitMessage.Version, Visit);

    public static MessageType YearMessage { get; } = Messages.TypeOf(
        Messages.YearMessage.Name, Messages.YearMessage.Version, Replacement.CumulativePerPeriod, Visit);

    /// <summary>The same submission, of the type that holds some of it apart.</summary>
    public static SubmissionContent Of(SubmissionContent submission) => submission with
    {
        Content = submission.Content with
        {
            Type = submission.Content.Type == Messages.YearMessage ? YearMessage : VisitMessage,
            Batches = [.. submission.Content.Batches.Select(batch => batch with { Type = Visit })],
        },
    };

    /// <summary>
    /// What whoever answers for the register does: makes the role, lets the platform give it its rights, and grants it.
    /// </summary>
    public static async Task GrantAsync(WholeRegister register, string @class, string role)
    {
        await using var connection = await register.Databases.RegisterAsSuperuserAsync();
        await connection.ExecuteAsync(
            $"""
            do $$ begin
              create role kilde_sensitive_{@class} nologin;
            exception when duplicate_object or unique_violation then null;
            end $$
            """);
        await register.Tables.EnsureAsync(
            register.Databases.RegisterOwner, register.Catalogue, TestContext.Current.CancellationToken);
        await connection.ExecuteAsync($"grant kilde_sensitive_{@class} to {role}");
    }

    private static SensitiveClass ClassOf(string id) =>
        new(id, new LocalizedText(id), "R4.18", "Til prøve.", new Dictionary<string, IReadOnlySet<string>>());

    private static int PlaceOf(string column) =>
        Messages.Visit.Columns.ToList().FindIndex(candidate => candidate.Name == column);
}
