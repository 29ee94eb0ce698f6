namespace Kilde.Intake.Headers;

/// <summary>The versions of the receipt standard that are in use (HIS 80415).</summary>
public enum AppRecVersion
{
    /// <summary>1.0 of 2004-11-21.</summary>
    V10 = 1,

    /// <summary>1.1 of 2012-02-15.</summary>
    V11,
}

/// <summary>Code list 8258: what became of the message.</summary>
public enum AppRecStatus
{
    /// <summary>Accepted.</summary>
    Ok = 1,

    /// <summary>Rejected: nothing of it was taken.</summary>
    Rejected = 2,

    /// <summary>Accepted, but something in it was left out.</summary>
    OkWithErrors = 3,
}

/// <summary>One error in a receipt: a code of list 8221, and a text for whoever is to mend it.</summary>
/// <param name="Detail">In bokmål; null when the code says it all.</param>
public sealed record AppRecError(string Code, string? Detail = null)
{
    public const string NotXml = "T01";
    public const string StructureWrong = "T02";
    public const string FormatNotSupported = "T10";
    public const string OtherFormatError = "T99";
    public const string Other = "X99";

    /// <summary>The list's own short text.</summary>
    public string Title => Titles.GetValueOrDefault(Code, "Annen feil");

    private static readonly Dictionary<string, string> Titles = new()
    {
        ["E10"] = "Ugyldig meldingsidentifikator",
        ["E20"] = "Lege finnes ikke",
        ["E21"] = "Mottaker finnes ikke",
        ["E30"] = "Pasientens fødselsnummer mangler",
        ["E31"] = "Pasientens fødselsnummer er feil",
        ["E32"] = "Pasientens navn mangler",
        ["E35"] = "Pasienten er ukjent hos mottaker",
        ["E36"] = "Opplysningene om pasienten er mangelfulle",
        ["E53"] = "Nummeret finnes ikke i Folkeregisteret",
        ["E54"] = "Nummeret finnes ikke hos mottaker",
        ["S01"] = "Feil på signatur",
        ["S02"] = "Ugyldig sertifikat",
        ["S03"] = "Tilbakekalt sertifikat",
        ["T01"] = "Ikke XML, ikke velformet eller uleselig",
        ["T02"] = "XML validerer ikke",
        ["T10"] = "Støtter ikke meldingsformatet",
        ["T99"] = "Annen formatfeil",
        ["X99"] = "Annen feil",
    };
}

/// <summary>The message that is answered, as its own header names it.</summary>
/// <param name="IssuedAt">Its <c>GenDate</c>, to the letter.</param>
public sealed record AnsweredMessage(string Function, string? FunctionName, string IssuedAt, string MessageId)
{
    public static AnsweredMessage Of(MessageHead head) =>
        new(head.Function, head.FunctionName, head.GeneratedAt, head.MessageId);
}

/// <summary>An application receipt (applikasjonskvittering, AppRec): what came of one message.</summary>
/// <param name="Id">The receipt's own id.</param>
public sealed record ApplicationReceipt(
    AppRecVersion Version, string Id, DateTimeOffset GeneratedAt, HeadAddress Sender, HeadAddress Receiver,
    AppRecStatus Status, IReadOnlyList<AppRecError> Errors, AnsweredMessage Answers);
