namespace Kilde.Synthetic;

/// <summary>One of the files of a trust's year: gets the patients one by one, in the order of institutions.</summary>
internal abstract class TrustFile(XmlOut xml, MessageFrame frame, FaultLog faults)
{
    private TrustInstitution? _institution;
    private bool _isFirst;
    private long _number;

    protected XmlOut Xml => xml;

    protected MessageFrame Frame => frame;

    protected Horizon Horizon { get; } = new(frame.To);

    protected FaultLog Faults => faults;

    public long BytesWritten => xml.BytesWritten;

    public void Begin()
    {
        frame.Begin(xml);
        frame.WriteContacts(xml);
        faults.AddMissingContacts(frame, "NPR");
    }

    public void Write(TrustInstitution institution, PatientYear patient)
    {
        if (!Tells(patient)) return;
        if (_institution != institution)
        {
            EndInstitution();
            BeginInstitution(institution);
        }

        WritePatient(patient);
    }

    public void End()
    {
        EndInstitution();
        frame.End(xml);
    }

    /// <summary>Whether this file has anything about the patient.</summary>
    protected virtual bool Tells(PatientYear patient) => true;

    protected virtual void WriteUnits(TrustInstitution institution)
    {
    }

    protected abstract void WritePatient(PatientYear patient);

    /// <summary>Whether a fault that stands once a file is to be put in here.</summary>
    protected bool IsOnce(FileFault kind) => _isFirst && faults.Mix.HasOnce(kind);

    /// <summary>Notes a fault at a place below the institution.</summary>
    protected void Note(FileFault kind, string place) =>
        faults.Add(kind, frame.Module, $"/Melding/Institusjon[@institusjonID='{_number}']/{place}");

    private void BeginInstitution(TrustInstitution institution)
    {
        _isFirst = _institution is null;
        var isWrong = IsOnce(FileFault.WrongInstitution) && frame.Module == "ord";
        _institution = institution;
        xml.Begin("Institusjon"u8);
        _number = isWrong ? UnitXml.Misread(institution.Number) : institution.Number.Number;
        xml.Attribute("institusjonID"u8, _number);
        if (isWrong) Note(FileFault.WrongInstitution, "@institusjonID");

        WriteUnits(institution);
    }

    private void EndInstitution()
    {
        if (_institution is not null) xml.End("Institusjon"u8);
    }
}
