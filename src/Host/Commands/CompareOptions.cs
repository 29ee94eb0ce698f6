using System.CommandLine;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Comparing;

namespace Kilde.Host.Commands;

/// <summary>What <c>kilde compare</c> takes beside the messages.</summary>
internal sealed class CompareOptions
{
    public Option<string?> Sender { get; } = new("--sender")
    {
        Description = "Sender profile (a JSON file), or the organisation number of a unit that 'kilde up' made. "
            + "The unit that the first message names is taken when left out; XML names none.",
    };

    public Option<string?> Record { get; } = new("--record")
    {
        Description = "The list of the message to compare, for example konsultasjon, when it has several. Of XML all "
            + "are compared when left out.",
    };

    public Option<RecordMonth?> From { get; } = Month("--from", "The first month, yyyy-MM. That of the oldest "
        + "record in the messages when left out.");

    public Option<RecordMonth?> To { get; } = Month("--to", "The last month, yyyy-MM. That of the newest record in "
        + "the messages when left out.");

    public Option<string?> Output { get; } = new("--out", "-o")
    {
        Description = "File for the whole list, as CSV with semicolons.",
    };

    public Option<bool> Real { get; } = new("--real-persons")
    {
        Description = "Take real identity numbers and refuse synthetic ones, as production does.",
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = "The example file that the portal's page gives: the sender's key for digests is in it.",
    };

    public Option<string?> Digests { get; } = new("--digests")
    {
        Description = "File for the digests of the messages, for the portal's page. Nobody is asked; takes --key.",
    };

    public IEnumerable<Option> All => [Sender, Record, From, To, Output, Real, Key, Digests];

    public ReadOptions ReadOf(ParseResult call) => new(
        call.GetValue(Real) ? PersonIdentifierPolicy.Production : PersonIdentifierPolicy.Test,
        NorwegianTime.Today(TimeProvider.System));

    public (RecordMonth From, RecordMonth To) MonthsOf(ParseResult call, (RecordMonth From, RecordMonth To)? own)
    {
        var (from, to) = own ?? (RecordMonth.None, RecordMonth.Max);
        return (call.GetValue(From) ?? from, call.GetValue(To) ?? to);
    }

    private static Option<RecordMonth?> Month(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = given =>
        {
            if (given.Tokens is [var token] && token.Value.Length > 0
                && RecordMonth.TryParse(token.Value, out var month)) return month;
            given.AddError("A month is written as 2026-01.");
            return null;
        },
    };
}
