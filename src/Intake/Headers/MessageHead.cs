using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Intake.Headers;

/// <summary>A communication party as the header names it: an organisation, or a unit of one.</summary>
/// <param name="Name">As the sender writes it; shown, never trusted.</param>
/// <param name="HerId">Null when none is given, or none that can be one.</param>
public sealed record HeadParty(string Name, HerId? HerId)
{
    /// <summary>Tells who it is where there is no HER-id.</summary>
    public OrganizationNumber? Number { get; init; }
}

/// <summary>Sender or receiver: the organisation (level 1) and the unit or person of it (level 2).</summary>
public sealed record HeadAddress(HeadParty Organisation, HeadParty? Unit)
{
    /// <summary>The one that sends or receives: level 2 where there is one.</summary>
    public HeadParty Party => Unit ?? Organisation;
}

/// <summary>
/// The header of a message (hodemelding, MsgHead 1.2). Holds nothing of the patient, and nothing of the payload.
/// </summary>
/// <param name="Function">Code of list 8279, for example <c>NPR_ORD</c>.</param>
/// <param name="FunctionName">Its text as the sender writes it.</param>
/// <param name="GeneratedAt">As written: a receipt repeats it to the letter.</param>
/// <param name="MessageId">The sender's own id of the message.</param>
/// <param name="WantsReceipt">True when <c>Ack</c> is J: the sender waits for an AppRec.</param>
/// <param name="IsTest">True when <c>ProcessingStatus</c> is D: nothing of it may reach the register.</param>
/// <param name="ContentKind">Code of list 8114 of the document: <c>XML</c>, <c>A</c> or <c>REF</c>.</param>
public sealed record MessageHead(
    string Function, string? FunctionName, string GeneratedAt, string MessageId, bool WantsReceipt, bool IsTest,
    HeadAddress Sender, HeadAddress Receiver, string? ContentKind);

/// <summary>Why a header could not be read.</summary>
public enum HeadFault
{
    /// <summary>Not XML, cut off, in another encoding than it says, or with a DTD.</summary>
    NotXml = 1,

    /// <summary>XML, but not as MsgHead 1.2 says.</summary>
    Invalid,

    /// <summary>More than anybody needs: of header, or in one element.</summary>
    TooLarge,
}

/// <summary>What reading a header came to.</summary>
public abstract record HeadReading
{
    /// <summary>Read to its end.</summary>
    /// <param name="Documents">How many documents stand in it; we take one.</param>
    public sealed record Whole(MessageHead Head, int Documents) : HeadReading;

    /// <summary>Read as far as whoever took the payload wanted.</summary>
    public sealed record Stopped(MessageHead Head) : HeadReading;

    /// <summary>Not readable from this place on.</summary>
    /// <param name="Head">The header, when the fault comes after it.</param>
    /// <param name="Path">The elements down to the fault.</param>
    /// <param name="Text">What is wrong, in bokmål; quotes nothing of what was sent but element names.</param>
    public sealed record Refused(HeadFault Fault, string Path, string Text, MessageHead? Head) : HeadReading
    {
        /// <summary>The same in a receipt: a code of list 8221.</summary>
        public string Code => Fault switch
        {
            HeadFault.NotXml => AppRecError.NotXml,
            HeadFault.TooLarge => AppRecError.OtherFormatError,
            _ => AppRecError.StructureWrong,
        };

        /// <summary>The text, behind where it is when that is not all of the message.</summary>
        public string Told => Path == Everywhere ? Text : $"{Path}: {Text}";

        /// <param name="finding">What XML itself, or a limit of reading it, is broken by.</param>
        public static Refused Of(Finding finding, string path = Everywhere, MessageHead? head = null) => new(
            finding.RuleId == ReadingRules.TooLarge.Id ? HeadFault.TooLarge : HeadFault.NotXml, path, finding.Text,
            head);
    }

    private const string Everywhere = "/";
}
